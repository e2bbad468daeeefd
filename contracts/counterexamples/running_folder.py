"""Where a stored command runs again: in the current checkout, where its files are found there."""

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from contracts.counterexamples.stored import Stored


def folder_to_run_in(stored: Stored, here: Path) -> Path:
    """Return the current folder, or the one where the command ran when its files are only there.

    The artifacts of another checkout are judged with the connector of this one. A command that
    names no file, such as ``make run``, runs where it ran before, as long as that folder exists.
    """
    before = Path(stored.working_folder)
    # Unlike Path.is_file it takes a word of any length, such as the script behind sh -c.
    if any(os.path.isfile(here / file) for file in _files(stored)):  # noqa: PTH113
        return here
    return before if before.is_dir() else here


def _files(stored: Stored) -> Iterator[Path]:
    """Yield what may be a file of the connector, by its path from the folder of the run."""
    if stored.is_function:
        yield from _module_files(stored.connector[0].partition(":")[0])
        return
    program, *arguments = stored.connector
    words = arguments if "/" not in program else stored.connector
    yield from (Path(word) for word in words if not Path(word).is_absolute())
    for flag, word in pairwise(arguments):
        if flag == "-m":
            yield from _module_files(word)


def _module_files(name: str) -> Iterator[Path]:
    path = Path(*name.split("."))
    yield Path(f"{path}.py")
    yield path / "__init__.py"
    yield path / "__main__.py"
