"""What subscribers hear once it is durable: a call was journalled, a run moved on (Q-WF-5)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JournalChange:
    """One thing that happened.

    Attributes:
        sequence: the row's number in the journal.
        notifications: of a failed trigger or task, as the run shows them.
    """

    kind: Literal["call", "run"]
    tenant_number: int
    sequence: int
    notifications: tuple[dict[str, Any], ...] = ()


Subscriber = Callable[[JournalChange], None]


class ChangeFeed:
    """Who wants to hear."""

    def __init__(self) -> None:
        self._subscribers: tuple[Subscriber, ...] = ()

    def __bool__(self) -> bool:
        return bool(self._subscribers)

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Add a subscriber; return what takes it away again."""
        self._subscribers = (*self._subscribers, subscriber)

        def unsubscribe() -> None:
            self._subscribers = tuple(one for one in self._subscribers if one is not subscriber)

        return unsubscribe

    def publish(self, changes: Sequence[JournalChange]) -> None:
        """Tell everyone; a subscriber that fails does not keep the others from hearing."""
        for one in changes:
            for subscriber in self._subscribers:
                try:
                    subscriber(one)
                except Exception:  # noqa: BLE001  it is not ours, and must not stop the rest
                    _log.exception("a subscriber failed")
