"""Refuses what is no file to read whole: a pipe that nobody writes to, a device without an end."""

import os
import stat
from pathlib import Path
from typing import Final

from contracts.errors import UnreadableFileError

_STANDARD_INPUT: Final = "/dev/stdin"
# Standard input, and those of a shell's <(command): somebody writes them.
_OPEN_PIPES: Final = (_STANDARD_INPUT, "/dev/fd/", "/proc/")
_DEVICES_WITH_AN_END: Final = (os.devnull, _STANDARD_INPUT)


def check_plain_file(path: str) -> None:
    """Look whether a path may be opened and read to its end; one that is not there may.

    Raises:
        UnreadableFileError: it is a named pipe, a device or a socket, or is empty, which as a path
            would be the working folder.
    """
    if not path:
        raise UnreadableFileError('""', "is no name of a file")
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):  # opening it says why it cannot be read
        return
    if stat.S_ISFIFO(mode) and not path.startswith(_OPEN_PIPES):
        raise UnreadableFileError(path, "is a named pipe, expected a file")
    if stat.S_ISSOCK(mode) or stat.S_ISBLK(mode) or _is_endless(path, mode):
        raise UnreadableFileError(path, "is a device or a socket, expected a file")


def _is_endless(path: str, mode: int) -> bool:
    return stat.S_ISCHR(mode) and path not in _DEVICES_WITH_AN_END
