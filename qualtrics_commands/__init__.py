"""The start of every command: looks whether a project's own package hides one of this project's.

``contracts``, ``sender`` and ``loadtests`` are names that other projects have too. Whatever comes
first on Python's path is imported, and would fail in a place that says nothing of the reason. So
this package, whose name nobody else has, looks first. It imports no other before.
"""

import errno
import io
import os
import sys
from collections.abc import Callable, Iterable
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NoReturn, TextIO

HELP: Final = "docs/own-packages.md of mock-qualtrics"
_FAILED: Final = 1
_WRONG_USAGE: Final = 2
_HOME: Final = Path(__file__).parent.parent


def hidden(*names: str) -> str:
    """Return a sentence about the first of these packages that another one hides; else "".

    Example:
        >>> hidden("contracts")
        ''
    """
    for name in names:
        places = _places(name)
        if _HOME / name not in places:
            found = f"is {places[0]} here" if places else "is hidden here"
            return (
                f"the package `{name}` {found}, a project's own, and not the one of mock-qualtrics "
                f"in {_HOME}"
            )
    return ""


def is_own(name: str) -> bool:
    """Return whether the package that Python has imported by this name is of mock-qualtrics."""
    return name in sys.modules and not hidden(name)


def mock() -> None:
    """Run ``mock-qualtrics``."""
    _require("mock-qualtrics", "mock_qualtrics", "contracts")
    from mock_qualtrics.cli import main  # noqa: PLC0415  only when nothing hides it

    _run(main, "mock-qualtrics")


def sender() -> None:
    """Run ``qualtrics-sender``."""
    _require("qualtrics-sender", "sender", "contracts")
    from sender.cli import main  # noqa: PLC0415  as above

    _run(main, "qualtrics-sender")


def contracts() -> None:
    """Run ``qualtrics-contracts``."""
    _require("qualtrics-contracts", "contracts")
    from contracts.cli import main  # noqa: PLC0415  as above

    _run(main, "qualtrics-contracts")


def load() -> None:
    """Run ``qualtrics-load``."""
    _require("qualtrics-load", "loadtests", "contracts", "sender", "mock_qualtrics")
    from loadtests.cli import main  # noqa: PLC0415  as above

    _run(main, "qualtrics-load")


def _discarding() -> TextIO:
    """Return a stream that discards everything, in place of one that is closed."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _run(main: Callable[..., object], command: str) -> None:
    # Python sets these to None when the shell closed them (`>&-`).
    sys.stdout, sys.stderr = sys.stdout or _discarding(), sys.stderr or _discarding()
    for stream in (sys.stdout, sys.stderr):
        # Escape a character that the terminal's encoding lacks, instead of failing on it.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        main(prog_name=command)
    except OSError as error:
        if error.errno != errno.ENOSPC or error.filename is not None:
            raise
        sys.stdout = None  # its rest would fail once more at the end
        print("Error: the output cannot be written: no space is left", file=sys.stderr)  # noqa: T201
        raise SystemExit(_FAILED) from None


def _require(command: str, module: str, *others: str) -> None:
    if reason := hidden(module, *others):
        _refuse(
            f"{reason}. Keep PYTHONPATH and this folder out of its way: "
            f"`env -u PYTHONPATH {command} …` or `python -P -m {module} …` ({HELP})"
        )


def _refuse(reason: str) -> NoReturn:
    print(f"Error: {reason}", file=sys.stderr)  # noqa: T201  what prints otherwise may be hidden
    raise SystemExit(_WRONG_USAGE)


def _places(name: str) -> list[Path]:
    """Return the folders, or the file, that Python would import by this name."""
    try:
        spec = find_spec(name)
    except ValueError:  # it is imported, and does not say from where
        spec = None
    return [Path(place).absolute() for place in _locations(spec)]


def _locations(spec: ModuleSpec | None) -> Iterable[str]:
    if spec is None:
        return ()
    return list(spec.submodule_search_locations or ()) or ([spec.origin] if spec.origin else ())
