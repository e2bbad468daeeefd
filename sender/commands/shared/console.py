"""What a user sees while an export runs: progress, logs, metrics and notices of an outage.

Everything here is a subscriber to the export's events.
"""

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console

from sender import events
from sender.clock import RealClock
from sender.commands.shared import errors_and_exit
from sender.commands.shared.options import ExportOptions
from sender.commands.shared.selection import Selection
from sender.policies import RetryPolicy
from sender.reporting.event_log import JsonLog, PlainLog
from sender.reporting.progress_bar import ProgressBar
from sender.text import printable_text

FAILED_CONNECTIONS = 4


class OutageNotice:
    """Prints one notice per outage: why the destination is down, how long to retry, what to do.

    It is printed when the circuit opens, or earlier when one message failed to connect several
    times: with only a few messages it takes more than a minute until the circuit opens.

    Args:
        say: prints a line.
        policy: the retry policy, which decides when to give up.
        how_to_resume: the command line that resumes the export.
    """

    def __init__(self, say: Callable[[str], None], policy: RetryPolicy, how_to_resume: str) -> None:
        self._say = say
        self._seconds = policy.circuit.gives_up_after_seconds if policy.circuit else 0.0
        self._how_to_resume = how_to_resume
        self._notified = False

    def __call__(self, event: events.Event) -> None:
        """Handle one event."""
        match event:
            case events.CircuitClosed() | events.MessageActivated():
                self._notified = False
            case events.CircuitOpened(reason=reason):
                self._notify(reason)
            case events.AttemptEnded(attempt=attempt, outcome="not connected" as reason):
                if attempt >= FAILED_CONNECTIONS:
                    self._notify(reason)

    def _notify(self, reason: str) -> None:
        if self._notified or not self._seconds:
            return
        self._notified = True
        self._say(
            f"the destination is down: {reason}; trying again for up to "
            f"{duration_text(self._seconds)}; Ctrl-C keeps everything, go on with: "
            f"{self._how_to_resume}"
        )


class ChangeNotice:
    """Says that the source is read anew because it was changed where it had been read.

    Args:
        say: prints a line.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def __call__(self, event: events.Event) -> None:
        """Handle one event."""
        if isinstance(event, events.SourceChanged):
            self._say(
                f"warning: the profiles were changed since the last export, before row "
                f"{event.rows_read + 1:,}, up to which they had been read: they are read anew from "
                "the first row; what was exported and has not changed is not sent again"
            )


class RateNotice:
    """Warns when what is lost says more of this machine than of Adobe (A-LIM-1).

    Args:
        say: prints a line.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def __call__(self, event: events.Event) -> None:
        """Handle one event."""
        match event:
            case events.NoOfferedRate(policy=policy):
                self._say(
                    f"warning: policy {policy} has no offered rate, so it sends as fast as this "
                    "machine can, and how much is lost depends on the machine; give "
                    "--offered-rate PER_SECOND, the pace that you expect of Adobe"
                )
            case events.OfferedRateMissed(offered_per_second=offered, reached_per_second=reached):
                self._say(
                    f"warning: the offered rate of {offered:,.6g} per second was not kept: "
                    f"{reached:,.6g} were reached, for this machine or the source of the profiles "
                    "was slower; what was lost is what that rate loses"
                )


@dataclass(frozen=True, slots=True)
class Watched:
    """The export that the subscribers report on.

    Attributes:
        policy: how messages are delivered.
        how_to_resume: the command line that resumes the export.
        selection: the profiles; None if none are read.
    """

    policy: RetryPolicy
    how_to_resume: str
    selection: Selection | None = None


@contextlib.contextmanager
def subscribers_for(watched: Watched, options: ExportOptions) -> Iterator[list[events.Subscriber]]:
    """Yield the subscribers: sentences and a progress bar on a terminal, else JSON lines."""
    with contextlib.ExitStack() as stack:
        subscribers: list[events.Subscriber] = []
        if options.metrics_port is not None:
            # Imported here because prometheus_client is an extra, which sending must not need.
            from sender.metrics import serve_metrics  # noqa: PLC0415  an extra

            metrics = serve_metrics(options.metrics_port)
            _say(f"metrics: {metrics.url}")
            subscribers.append(metrics)
        if not sys.stderr.isatty() or options.as_json:
            yield [*subscribers, *_for_programs(watched, options)]
            return
        console = Console(stderr=True)
        if not options.verbose:
            subscribers.append(stack.enter_context(_progress_bar(console, watched.selection)))
        yield [*subscribers, *_for_people(watched, options, console)]


def _for_programs(watched: Watched, options: ExportOptions) -> list[events.Subscriber]:
    log = JsonLog(
        sys.stderr,
        RealClock(),
        verbose=options.verbose,
        tells_losses=not watched.policy.drops_messages,
    )
    return [*_notices(_say, watched), log]


def _notices(say: Callable[[str], None], watched: Watched) -> list[events.Subscriber]:
    outage = OutageNotice(say, watched.policy, watched.how_to_resume)
    return [ChangeNotice(say), RateNotice(say), outage]


def _for_people(
    watched: Watched, options: ExportOptions, console: Console
) -> list[events.Subscriber]:
    # Printing through the console keeps the lines from breaking the progress bar.
    show = functools.partial(console.print, markup=False, highlight=False, soft_wrap=True)

    def say(text: str) -> None:
        show(printable_text(text))

    log = PlainLog(say, verbose=options.verbose, tells_losses=not watched.policy.drops_messages)
    return [*_notices(say, watched), log]


def _say(text: str) -> None:
    errors_and_exit.tell(text)


def duration_text(seconds: float) -> str:
    """Return a duration in the largest unit that gives a whole number.

    Example:
        >>> duration_text(86_400), duration_text(600), duration_text(90)
        ('24 h', '10 min', '90 s')
    """
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:,g} s"


def _progress_bar(console: Console, selection: Selection | None) -> ProgressBar:
    source = None if selection is None else selection.source
    total = None if source is None else source.bytes_total
    return ProgressBar(console, total, lambda: 0 if source is None else source.bytes_read)
