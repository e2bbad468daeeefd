"""Structured logs: events as JSON, one a line. No event holds a secret or an identity."""

import dataclasses
import json
from typing import TextIO

from sender import events
from sender.clock import Clock
from sender.report import instant_text

EVERY_MESSAGE = (
    events.AttemptEnded,
    events.MessageActivated,
    events.RetryScheduled,
)
NEVER = (events.ProgressMade,)


class JsonLog:
    r"""A subscriber that writes events to a stream.

    Args:
        stream: usually standard error.
        clock: the time.
        verbose: whether to write of every attempt too.

    Example:
        >>> import io
        >>> from sender.clock import VirtualClock
        >>> stream = io.StringIO()
        >>> JsonLog(stream, VirtualClock())(events.CircuitClosed())
        >>> stream.getvalue()
        '{"at": "2026-01-01T00:00:00.000000Z", "event": "CircuitClosed"}\n'
    """

    def __init__(self, stream: TextIO, clock: Clock, *, verbose: bool = False) -> None:
        self._stream = stream
        self._clock = clock
        self._left_out = NEVER if verbose else (*NEVER, *EVERY_MESSAGE)

    def __call__(self, event: events.Event) -> None:
        """Write one event."""
        if isinstance(event, self._left_out):
            return
        at = instant_text(self._clock.now())
        entry = {"at": at, "event": type(event).__name__, **dataclasses.asdict(event)}
        self._stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._stream.flush()
