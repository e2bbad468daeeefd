"""What is seen of an export while it goes on: progress, logs, metrics, and that all stands still.

Only subscribes to events; it sends nothing and decides nothing.
"""

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
from rich.console import Console

from sender import events
from sender.clock import RealClock
from sender.commands.shared.options import ExportOptions
from sender.commands.shared.selection import Selection
from sender.policies import RetryPolicy
from sender.reporting.event_log import JsonLog, PlainLog
from sender.reporting.progress_bar import ProgressBar

ATTEMPTS_IN_VAIN = 4


class OutageNotice:
    """Says once in an outage that the destination is down, how long it is tried, and what to do.

    When the circuit opens, or earlier when one message found no connection again and again: a few
    messages alone take more than a minute to open it.

    Args:
        say: prints a line.
        policy: knows when it gives up.
        how_to_resume: the command line.
    """

    def __init__(self, say: Callable[[str], None], policy: RetryPolicy, how_to_resume: str) -> None:
        self._say = say
        self._seconds = policy.circuit.gives_up_after_seconds if policy.circuit else 0.0
        self._how_to_resume = how_to_resume
        self._told = False

    def __call__(self, event: events.Event) -> None:
        """Hear an event."""
        match event:
            case events.CircuitClosed() | events.MessageActivated():
                self._told = False
            case events.CircuitOpened(reason=reason):
                self._tell(reason)
            case events.AttemptEnded(attempt=attempt, outcome="not connected" as reason):
                if attempt >= ATTEMPTS_IN_VAIN:
                    self._tell(reason)

    def _tell(self, reason: str) -> None:
        if self._told or not self._seconds:
            return
        self._told = True
        self._say(
            f"the destination is down: {reason}; trying again for up to "
            f"{duration_text(self._seconds)}; Ctrl-C keeps everything, go on with: "
            f"{self._how_to_resume}"
        )


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched.

    Attributes:
        policy: how messages are delivered.
        how_to_resume: the command line that goes on with it.
        selection: the profiles, if any are read.
    """

    policy: RetryPolicy
    how_to_resume: str
    selection: Selection | None = None


@contextlib.contextmanager
def subscribers_for(it: Watched, options: ExportOptions) -> Iterator[list[events.Subscriber]]:
    """Yield who is told: sentences and a bar for a terminal, JSON for anything else."""
    with contextlib.ExitStack() as stack:
        found: list[events.Subscriber] = []
        if options.metrics_port is not None:
            # Only here: prometheus_client is an extra, and sending must not need it.
            from sender.metrics import serve_metrics  # noqa: PLC0415  an extra

            metrics = serve_metrics(options.metrics_port)
            _say(f"metrics: {metrics.url}")
            found.append(metrics)
        if not sys.stderr.isatty() or options.as_json:
            yield [*found, *_for_programs(it, options)]
            return
        console = Console(stderr=True)
        if not options.verbose:
            found.append(stack.enter_context(_progress_bar(console, it.selection)))
        yield [*found, *_for_people(it, options, console)]


def _for_programs(it: Watched, options: ExportOptions) -> list[events.Subscriber]:
    log = JsonLog(
        sys.stderr,
        RealClock(),
        verbose=options.verbose,
        tells_losses=not it.policy.drops_messages,
    )
    return [OutageNotice(_say, it.policy, it.how_to_resume), log]


def _for_people(it: Watched, options: ExportOptions, console: Console) -> list[events.Subscriber]:
    # The console's own way of printing keeps lines and bar apart.
    say = functools.partial(console.print, markup=False, highlight=False, soft_wrap=True)
    log = PlainLog(say, verbose=options.verbose, tells_losses=not it.policy.drops_messages)
    return [OutageNotice(say, it.policy, it.how_to_resume), log]


def _say(text: str) -> None:
    click.echo(text, err=True)


def duration_text(seconds: float) -> str:
    """Return a duration in its largest whole unit.

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
