"""Publish durable changes: each one to subscribers (Q-WF-5), whose counts changed to who waits."""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
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
Listener = Callable[[Collection[int]], None]
"""Called under the journal's lock with the numbers of the tenants whose counts changed."""


class CountsChanged:
    """Wakes who waits for counts: threads, and the listeners of event loops.

    Args:
        lock: the journal's; hold it in every call but `listen`.

    Attributes:
        ended: whether nobody may wait any longer, because the server stops.
    """

    def __init__(self, lock: "threading.RLock") -> None:
        self.ended = False
        self._threads = threading.Condition(lock)
        self._listeners: tuple[Listener, ...] = ()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Add a listener, which must neither block nor raise; return what removes it."""
        self._listeners = (*self._listeners, listener)

        def stop() -> None:
            self._listeners = tuple(other for other in self._listeners if other is not listener)

        return stop

    def tell(self, tenant_numbers: Collection[int]) -> None:
        """Wake everyone; these tenants' counts changed."""
        self._threads.notify_all()
        for listener in self._listeners:
            listener(tenant_numbers)

    def wait_for(self, condition: Callable[[], bool], timeout_seconds: float | None) -> None:
        """Block the thread until the condition holds, waiting has ended, or the time is over."""
        self._threads.wait_for(lambda: self.ended or condition(), timeout_seconds)

    def end(self) -> None:
        """End all waiting, for good."""
        self.ended = True
        self.tell(())


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
