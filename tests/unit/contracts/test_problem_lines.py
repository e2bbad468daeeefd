"""Each problem is a line that says that it is an error."""

import io

import click
from click.testing import CliRunner

from contracts.problem_lines import ProblemsError

PROBLEMS = ["a.toml: $.x: expected a text", "a.toml: two\nlines\x1b[2J"]
LINES = "Error: a.toml: $.x: expected a text\nError: a.toml: two\\nlines\\u001b[2J\n"


def test_every_line_begins_with_error_and_a_line_break_within_one_is_an_escape():
    @click.command()
    def command() -> None:
        raise ProblemsError(PROBLEMS)

    result = CliRunner().invoke(command)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", LINES)


def test_the_lines_go_to_the_file_that_is_given():
    file = io.StringIO()
    ProblemsError(iter(PROBLEMS)).show(file)
    assert file.getvalue() == LINES
