"""The progress bar of an export: rate, remaining time, and counts of profiles."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from sender import events


class ProgressBar:
    """A subscriber that draws a bar on a terminal; a context manager.

    Args:
        console: the terminal.
        bytes_total: size of the sources; None if unknown: no remaining time is shown then.
        bytes_read: returns how many bytes of them have been read.
    """

    def __init__(
        self, console: Console, bytes_total: int | None, bytes_read: Callable[[], int]
    ) -> None:
        self._bytes_read = bytes_read
        self._progress = Progress(
            TextColumn("{task.fields[counts]}"),
            BarColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=bytes_total, counts="", rate="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def __call__(self, event: events.Event) -> None:
        """Draw the progress."""
        if not isinstance(event, events.ProgressMade):
            return
        elapsed_seconds = self._progress.tasks[0].elapsed or 0.0
        sent = event.activated + event.failed
        settled = sent + event.excluded
        rate = f"{sent / elapsed_seconds:,.0f}/s" if elapsed_seconds else ""
        counts = (
            f"activated {event.activated:,}  excluded {event.excluded:,}  failed {event.failed:,}"
        )
        if waiting := max(0, event.received - settled):
            counts += f"  waiting {waiting:,}"
        # Profiles that are read but not sent are not done: a small file is read at once.
        done = self._bytes_read() * (settled / (settled + waiting) if waiting else 1.0)
        self._progress.update(self._task, completed=done, counts=counts, rate=rate)
