"""One error of a command that tells several problems, each on a line of its own."""

from collections.abc import Iterable
from typing import IO, Any

import click

from contracts.terminal import printable


class ProblemsError(click.ClickException):
    """What keeps a command from beginning; printed without usage, exit code 2.

    Every line begins with ``Error:``, so that a search of a log for errors finds them all.

    Args:
        problems: a sentence each; a line break within one is shown as an escape.
    """

    exit_code = 2

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = [printable(problem) for problem in problems]
        super().__init__("\n".join(self.problems))

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the problems, on standard error unless a file is given."""
        for problem in self.problems:
            click.echo(f"Error: {problem}", file=file, err=file is None)
