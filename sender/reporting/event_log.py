"""Logs of an export: events as JSON lines, or as sentences for people.

No event holds a secret or an identity, so neither does a log. What the command prints at the end
(the report, an alert, how to resume) is not logged as well.
"""

import dataclasses
import json
from collections.abc import Callable
from typing import TextIO

from sender import events
from sender.clock import Clock
from sender.text import instant_text, printable_text

EVERY_MESSAGE = (
    events.AttemptEnded,
    events.MessageActivated,
    events.RetryScheduled,
)
EVERY_LOSS = (
    events.MessageFailed,
    events.MessageUncertain,
    events.Throttled,
)
LONG_WAIT_SECONDS = 120.0
NEVER = (events.ProgressMade,)
PROGRESS_EVERY_SECONDS = 10.0

_SENTENCES = {
    events.OutboxMigrated: "{outbox}: was migrated from version {from_version} to {to_version}; "
    "an older release cannot open it any more",
    events.ExportStarted: "exporting {dataflow!r} with policy {policy}; from before: {pending:,}",
    events.AttemptEnded: "{trace_id}: try {attempt} {outcome}, status {status}, {seconds:.3f} s",
    events.MessageActivated: "{trace_id}: activated, attempts: {attempts}",
    events.RetryScheduled: "{trace_id}: {error_code}, again in {delay_seconds:.1f} s",
    events.MessageFailed: "{trace_id}: failed for good, attempts: {attempts}: {error_code}: "
    "{description}",
    events.MessageUncertain: "{trace_id}: given up, and it may have arrived, attempts: {attempts}: "
    "{error_code}: {description}",
    events.Throttled: "{trace_id}: the destination answered 429, one call too many{asked}; it is "
    "sent again",
    events.Waiting: "the next call goes in {wait}: {reason}",
    events.CircuitOpened: "no use to send: {reason}; next try in {probe_in_seconds:.1f} s",
    events.DestinationFlowRunDelay: "{alert}: the run takes {seconds:,.0f} s so far",
    events.ActivationSkipRateExceeded: "{alert}: {skip_rate:.2%} of the profiles were excluded, "
    "more than {threshold:.2%}",
    events.CircuitClosed: "the destination is up again",
}


class JsonLog:
    r"""A subscriber that writes events to a stream; of the progress one every ten seconds.

    Args:
        stream: usually standard error.
        clock: the clock.
        verbose: whether to log every attempt too.
        tells_losses: whether to log every message that fails; false for a policy that drops
            messages by design.

    Example:
        >>> import io
        >>> from sender.clock import VirtualClock
        >>> stream = io.StringIO()
        >>> JsonLog(stream, VirtualClock())(events.CircuitClosed())
        >>> stream.getvalue()
        '{"at": "2026-01-01T00:00:00.000000Z", "event": "CircuitClosed"}\n'
    """

    def __init__(
        self, stream: TextIO, clock: Clock, *, verbose: bool = False, tells_losses: bool = True
    ) -> None:
        self._stream = stream
        self._clock = clock
        left_out = _left_out(verbose=verbose, tells_losses=tells_losses)
        self._left_out = tuple(kind for kind in left_out if kind not in NEVER)
        self._progress_at = clock.monotonic() + PROGRESS_EVERY_SECONDS

    def __call__(self, event: events.Event) -> None:
        """Write one event."""
        if isinstance(event, self._left_out):
            return
        if isinstance(event, events.ProgressMade) and not self._is_progress_due():
            return
        at = instant_text(self._clock.now())
        entry = {"at": at, "event": type(event).__name__, **dataclasses.asdict(event)}
        self._stream.write(printable_text(json.dumps(entry, ensure_ascii=False)) + "\n")
        self._stream.flush()

    def _is_progress_due(self) -> bool:
        now = self._clock.monotonic()
        if now < self._progress_at:
            return False
        self._progress_at = now + PROGRESS_EVERY_SECONDS
        return True


class PlainLog:
    """A subscriber that logs events as sentences.

    Args:
        say: prints a line.
        verbose: whether to log every attempt too.
        tells_losses: whether to log every message that fails; false for a policy that drops
            messages by design.

    Example:
        >>> log = PlainLog(print)
        >>> log(events.ExportStarted("Survey", "lossless", pending=3))
        exporting 'Survey' with policy lossless; from before: 3
        >>> log(events.MessageActivated("trace-1", attempts=1))
    """

    def __init__(
        self, say: Callable[[str], None], *, verbose: bool = False, tells_losses: bool = True
    ) -> None:
        self._say = say
        self._left_out = _left_out(verbose=verbose, tells_losses=tells_losses)
        if not verbose:  # the command reports each outage once, instead of each failed probe
            self._left_out += (events.CircuitOpened,)

    def __call__(self, event: events.Event) -> None:
        """Log one event."""
        sentence = _SENTENCES.get(type(event))
        if sentence is None or isinstance(event, self._left_out):
            return
        values = dataclasses.asdict(event)
        texts = {name: "none" if value is None else value for name, value in values.items()}
        seconds = values.get("retry_after_seconds")
        texts["wait"] = _wait_text(values.get("seconds"))
        texts["asked"] = f"; asked to wait {seconds:g} s" if seconds else ""
        self._say(printable_text(sentence.format(**texts)))


def _wait_text(seconds: float | None) -> str:
    """Return a wait for people: seconds, or hours and minutes."""
    if seconds is None or seconds < LONG_WAIT_SECONDS:
        return f"{seconds or 0.0:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004  an hour


def _left_out(*, verbose: bool, tells_losses: bool) -> tuple[type, ...]:
    if verbose:
        return NEVER
    return (*NEVER, *EVERY_MESSAGE, *(() if tells_losses else EVERY_LOSS))
