"""A planted bug: which text of which file it replaces, and by what. Read from plants.toml."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("plants.toml")
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Plant:
    """A bug.

    Attributes:
        name: its name on the command line.
        file: the file, from the repository's root.
        why: what is wrong with it, in words.
        old: what stands in the file, exactly once.
        new: what takes its place.
    """

    name: str
    file: str
    why: str
    old: str
    new: str

    @property
    def side(self) -> str:
        """Whose bug it is: the sender's or the mock's."""
        return "sender" if self.file.startswith("sender/") else "mock"

    def planted(self, text: str) -> str:
        """Return the file's text with the bug.

        Raises:
            ValueError: the old text does not stand in it exactly once.
        """
        found = text.count(self.old)
        if found != 1:
            raise ValueError(
                f"{self.name}: found its old text {found} times in {self.file}, expected once; the "
                "code has changed, so change the entry in plants.toml"
            )
        return text.replace(self.old, self.new)

    def plant(self, root: Path) -> None:
        """Put the bug into a copy of the repository.

        Raises:
            ValueError: the old text does not stand in the file exactly once.
        """
        path = root / self.file
        path.write_text(self.planted(path.read_text("utf-8")), "utf-8")


def plants() -> tuple[Plant, ...]:
    """Return all bugs, in the order of the file."""
    return tuple(Plant(**entry) for entry in tomllib.loads(FILE.read_text("utf-8"))["plants"])


def plants_named(names: Iterable[str]) -> tuple[Plant, ...]:
    """Return the bugs of these names; without names all.

    Raises:
        ValueError: there is none of that name.
    """
    known = {plant.name: plant for plant in plants()}
    wanted = list(names)
    for name in wanted:
        if name not in known:
            raise ValueError(f"found {name!r}, expected one of {', '.join(known)}")
    return tuple(known[name] for name in wanted or known)
