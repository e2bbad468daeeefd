"""Passes events to subscribers.

A subscriber is any callable that takes one event. It cannot disturb the export: a subscriber that
raises gets no further events, and no message is lost.
"""

import logging
from collections.abc import Callable

from sender.events.alert_events import AlertEvent
from sender.events.message_events import MessageEvent
from sender.events.pause_events import PauseEvent
from sender.events.run_events import RunEvent

_log = logging.getLogger(__name__)

Event = RunEvent | MessageEvent | PauseEvent | AlertEvent

Subscriber = Callable[[Event], None]


class Announcer:
    """Passes events to subscribers, and drops a subscriber that raises.

    Example:
        >>> from sender.events import CircuitClosed
        >>> heard = []
        >>> Announcer([heard.append]).announce(CircuitClosed())
        >>> heard
        [CircuitClosed()]
    """

    def __init__(self, subscribers: "tuple[Subscriber, ...] | list[Subscriber]" = ()) -> None:
        self._subscribers = list(subscribers)
        self.failures: list[Exception] = []

    def __bool__(self) -> bool:
        return bool(self._subscribers)

    def announce(self, event: Event) -> None:
        """Pass an event to every subscriber, in the order of subscription."""
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(event)
            except Exception as error:  # noqa: BLE001  a subscriber must not break the export
                self._subscribers.remove(subscriber)
                self.failures.append(error)
                _log.warning("%r is told no more: it raised %r", subscriber, error)
