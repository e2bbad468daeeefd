"""Where a command takes the control token from: a variable, a file, or the command line."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from click.core import ParameterSource

from contracts.credentials import without_line_end

CONTROL_TOKEN_VARIABLE: Final = "MOCK_QUALTRICS_CONTROL_TOKEN"  # noqa: S105  its name
_LONGEST_BYTES: Final = 65_536
_EXPECTED: Final = "expected the control token alone, in UTF-8, on one line"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def control_token_options(purpose: str) -> Callable[[_Command], _Command]:
    """Return a decorator that adds the options; the command receives ``control_token``.

    A file goes before the variable; with both options the command ends with wrong usage.

    Args:
        purpose: what the token is for, as a sentence of the help.
    """

    def add(command: _Command) -> _Command:
        @functools.wraps(command)
        def with_token(
            control_token: str | None,
            control_token_file: Path | None,
            **values: Any,  # noqa: ANN401  the values of any options
        ) -> Any:  # noqa: ANN401  what the command returns
            if control_token_file is not None:
                _refuse_both()
                control_token = read_control_token(control_token_file)
            return command(control_token=control_token, **values)

        with_options: _Command = _token_option(purpose)(_file_option(with_token))
        return with_options

    return add


def read_control_token(file: Path) -> str:
    """Return the token that a file holds, without the end of its line.

    Raises:
        click.UsageError: the file cannot be read, or does not hold one line.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(_LONGEST_BYTES + 1)
        token = without_line_end(content.decode("utf-8-sig"))
    except OSError as error:
        raise _wrong(file, f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise _wrong(file, _EXPECTED) from None
    if not token.strip() or len(f"{token}.".splitlines()) > 1 or len(content) > _LONGEST_BYTES:
        raise _wrong(file, _EXPECTED)
    return token


def _refuse_both() -> None:
    source = click.get_current_context().get_parameter_source("control_token")
    if source is ParameterSource.COMMANDLINE:
        raise click.UsageError("--control-token and --control-token-file: give one of them")


def _wrong(file: Path, reason: str) -> click.UsageError:
    return click.UsageError(f"--control-token-file {file}: {reason}")


def _token_option(purpose: str) -> Callable[[Any], Any]:
    return click.option(
        "--control-token",
        metavar="TOKEN",
        envvar=CONTROL_TOKEN_VARIABLE,
        show_envvar=True,
        help=f"{purpose} On the command line every user of this machine can read it in the list "
        "of processes: better set the variable, or give a file.",
    )


_file_option: Final = click.option(
    "--control-token-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the control token from this file, which holds nothing else.",
)
