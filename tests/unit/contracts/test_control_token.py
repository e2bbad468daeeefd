import click
import pytest
from click.testing import CliRunner

from contracts.control_token import CONTROL_TOKEN_VARIABLE, control_token_options

TOKEN = "PLACEHOLDER-CONTROL-TOKEN"


@click.command()
@control_token_options("For a test.")
@click.option("--other", default="other")
def command(control_token: str | None, other: str) -> None:
    """Print what it was given."""
    click.echo(f"{control_token} {other}")


def run(*flags: str, variable: str | None = None):
    return CliRunner().invoke(command, flags, env={CONTROL_TOKEN_VARIABLE: variable})


@pytest.fixture
def file(tmp_path):
    return tmp_path / "token"


def test_without_any_there_is_none():
    assert run("--other", "b").stdout == "None b\n"


def test_flag_and_variable_give_the_token():
    assert run("--control-token", TOKEN).stdout == f"{TOKEN} other\n"
    assert run(variable=TOKEN).stdout == f"{TOKEN} other\n"


@pytest.mark.parametrize("around", ["{}", "{}\n", "{}\r\n", "\ufeff{}\n"])
def test_a_file_gives_the_token_and_goes_before_the_variable(file, around):
    file.write_bytes(around.format(TOKEN).encode())
    done = run("--control-token-file", str(file), variable="another")
    assert done.stdout == f"{TOKEN} other\n"


def test_flag_and_file_together_are_wrong_usage(file):
    file.write_text(TOKEN)
    done = run("--control-token-file", str(file), "--control-token", TOKEN)
    assert (done.exit_code, "give one of them" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"  \n", b"one\ntwo\n", b"one\n\n", b"\xff\xfe", b"x" * 65_537]
)
def test_a_file_that_is_not_one_line_is_wrong_usage_and_is_not_quoted(file, content):
    file.write_bytes(content)
    done = run("--control-token-file", str(file))
    assert done.exit_code == 2
    assert f"{file}: expected the control token alone" in done.stderr
    assert "one\n" not in done.stderr.replace("one line", "")


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path):
    for path, reason in ((tmp_path / "absent", "No such file"), (tmp_path, "Is a directory")):
        done = run("--control-token-file", str(path))
        assert (done.exit_code, reason in done.stderr) == (2, True)


def test_the_help_says_who_sees_the_flag():
    shown = " ".join(run("--help").stdout.split())
    assert "list of processes" in shown
    assert CONTROL_TOKEN_VARIABLE in shown
