"""The options for reports that commands share, as one decorator.

::

    @click.command("verify")
    @report_options
    def verify(*, reporter: Reporter, …) -> None:
        with reporter.run("verify", subject, planned=names) as collected:
            collected.add(…)
        sys.exit(reporter.exit_code)
"""

import functools
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import click

from contracts.clock import RealClock
from contracts.errors import UnwritableReportError
from contracts.reports.files import FORMATS, check_kept, check_writable
from contracts.reports.reporter import Reporter
from contracts.terminal import printable

_HELP: Final = {
    "junit": "Write JUnit XML, which CI systems read.",
    "ctrf": "Write CTRF JSON.",
    "markdown": "Write Markdown; GITHUB_STEP_SUMMARY's file gets it too.",
    "html": "Write one HTML page that needs nothing else.",
}


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--junit``, ``--ctrf``, ``--markdown``, ``--html`` and ``--json`` to a command.

    It gets them as one keyword argument, ``reporter``. A file that cannot be written, or that the
    command is given to read, ends the command with exit code 2 before it begins; so does the file
    of an option ``--sarif`` that it has of its own.
    """

    @functools.wraps(command)
    def with_reporter(*, as_json: bool, **given: Any) -> None:  # noqa: ANN401  the command's options
        paths = {name: given.pop(name) for name in FORMATS}
        paths = {name: path for name, path in paths.items() if path is not None}
        sarif = given.get("sarif")
        written = paths if sarif is None else {"sarif": sarif, **paths}
        words = _words(value for name, value in given.items() if name != "sarif")
        _refuse_wrong({f"--{name}": path for name, path in written.items()}, words)
        reporter = Reporter(paths, as_json=as_json, environ=os.environ, clock=RealClock())
        command(reporter=reporter, **given)

    decorated: Callable[..., None] = with_reporter
    decorated = click.option("--json", "as_json", is_flag=True, help="Print JSON.")(decorated)
    for name in reversed(FORMATS):
        decorated = click.option(f"--{name}", metavar="FILE", help=_HELP[name])(decorated)
    return decorated


def _refuse_wrong(paths: dict[str, str], words: Iterable[str]) -> None:
    try:
        check_writable(paths)
        check_kept(paths, words)
    except UnwritableReportError as error:
        raise click.UsageError(printable(str(error))) from None


def _words(values: Iterable[object]) -> Iterator[str]:
    """Yield each text that a command is given."""
    for value in values:
        yield from (word for word in _several(value) if isinstance(word, str))


def _several(value: object) -> Iterable[object]:
    return value if isinstance(value, tuple) else (value,)
