"""Publish durable changes to subscribers: a call was journalled, a run changed (Q-WF-5)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JournalChange:
    """One change of the journal.

    Attributes:
        sequence: the row's number in the journal.
        notifications: those of a failed trigger or task, as the run shows them.
    """

    kind: Literal["call", "run"]
    tenant_number: int
    sequence: int
    notifications: tuple[dict[str, Any], ...] = ()


Subscriber = Callable[[JournalChange], None]


class ChangeFeed:
    """The subscribers to changes of the journal."""

    def __init__(self) -> None:
        self._subscribers: tuple[Subscriber, ...] = ()

    def __bool__(self) -> bool:
        return bool(self._subscribers)

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Add a subscriber; return a function that removes it."""
        # Always a new tuple, so that a subscriber may subscribe or unsubscribe during `publish`.
        self._subscribers = (*self._subscribers, subscriber)

        def unsubscribe() -> None:
            self._subscribers = tuple(
                other for other in self._subscribers if other is not subscriber
            )

        return unsubscribe

    def publish(self, changes: Sequence[JournalChange]) -> None:
        """Call every subscriber with every change; an error in one does not stop the others."""
        for change in changes:
            for subscriber in self._subscribers:
                try:
                    subscriber(change)
                except Exception:  # noqa: BLE001  foreign code must not stop the other subscribers
                    _log.exception("a subscriber failed")
