"""What the progress bar shows."""

import io

from rich.console import Console

from sender import events
from sender.reporting.progress_bar import ProgressBar


def test_the_progress_bar_shows_counts():
    console = Console(file=io.StringIO(), force_terminal=True, width=140)
    with ProgressBar(console, 100, lambda: 50) as bar:
        bar(events.CircuitClosed())
        bar(events.ProgressMade(10, 7, 2, 1, 0))
        bar._progress.refresh()
    assert "activated 7  excluded 2  failed 1" in console.file.getvalue()


def test_what_was_read_and_waits_is_not_drawn_as_done():
    console = Console(file=io.StringIO(), force_terminal=True, width=140)
    with ProgressBar(console, 100, lambda: 100) as bar:
        bar(events.ProgressMade(10, 2, 1, 1, 0))
        assert bar._progress.tasks[0].completed == 40
        bar._progress.refresh()
        bar(events.ProgressMade(10, 8, 1, 1, 0))
        assert bar._progress.tasks[0].finished
    assert "waiting 6" in console.file.getvalue()
