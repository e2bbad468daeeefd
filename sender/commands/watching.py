"""What is seen of an export while it goes on: progress, logs, metrics, and that all stands still.

Only subscribes to events; it sends nothing and decides nothing.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator

import click
from rich.console import Console

from sender import events
from sender.clock import RealClock
from sender.commands.sending_options import Wishes
from sender.commands.sources import Selection
from sender.logs import JsonLog
from sender.policies import RetryPolicy
from sender.progress import ProgressBar


class OutageNotice:
    """Says once in an outage that the destination is down, how long it is tried, and what to do.

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
        if isinstance(event, events.CircuitClosed):
            self._told = False
        if isinstance(event, events.CircuitOpened) and not self._told:
            self._told = True
            self._say(
                f"the destination is down: {event.reason}; trying again for up to "
                f"{duration_text(self._seconds)}; Ctrl-C keeps everything, go on with: "
                f"{self._how_to_resume}"
            )


@contextlib.contextmanager
def watched(
    selection: Selection | None, wishes: Wishes, notice: OutageNotice
) -> Iterator[list[events.Subscriber]]:
    """Have a terminal show progress and anything else structured logs; yield the subscribers."""
    subscribers: list[events.Subscriber] = [notice]
    if wishes.metrics_port is not None:
        # Only here: prometheus_client is an extra, and sending must not need it.
        from sender.metrics import serve_metrics  # noqa: PLC0415  an extra

        subscribers.append(serve_metrics(wishes.metrics_port))
    if not sys.stderr.isatty() or wishes.verbose:
        yield [*subscribers, JsonLog(sys.stderr, RealClock(), verbose=wishes.verbose)]
        return
    with _progress_bar(selection) as bar:
        yield [*subscribers, bar]


def say(text: str) -> None:
    """Print a line on standard error."""
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


def _progress_bar(selection: Selection | None) -> ProgressBar:
    source = None if selection is None else selection.source
    total = None if source is None else source.bytes_total
    return ProgressBar(
        Console(stderr=True), total, lambda: 0 if source is None else source.bytes_read
    )
