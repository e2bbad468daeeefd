"""The rooms of a package import only what ARCHITECTURE.md says, and are all named there."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[3]
MOST_FLOORS = {"contracts": 6, "loadtests": 10, "mock_qualtrics": 10, "sender": 7}
MOST_FILES = 13  # of one room, ``__init__`` counted
TITLES = {
    "contracts": "## The rooms of contracts",
    "loadtests": "## The rooms of loadtests",
    "mock_qualtrics": "## The mock's rooms",
    "sender": "## The sender's rooms",
}
OPEN_FLOORS = {
    ROOT / "contracts",  # its modules are public, one subject each: they may be many
    ROOT / "loadtests" / "benchmarks",  # one module a benchmark, and what they share
}
SAME_JOB = {"__init__", "__main__", "check"}  # a command and what it does may share a name
MODULE = re.compile(r"(contracts|loadtests|mock_qualtrics|sender)([.:]\w+)+")


class Room(NamedTuple):
    """One row of ARCHITECTURE.md: a sub-package, or modules on a package's top level."""

    name: str
    modules: frozenset[str]
    may_import: frozenset[str]


def cells(row: str) -> list[str]:
    return [cell.strip().replace("\\", "") for cell in row.strip().strip("|").split("|")]


@cache
def rooms(package: str) -> dict[str, Room]:
    """Return the package's rooms by name, bottom floor first."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    section = text.partition(TITLES[package])[2].partition("\n## ")[0]
    rows = [cells(line) for line in section.splitlines() if line.startswith("|")][2:]
    found = {}
    for first, _, imports in rows:
        name, _, modules = first.strip("`").rstrip("/").partition(": ")
        found[name] = Room(name, names(modules), names(imports))
    return found


def names(listed: str) -> frozenset[str]:
    return frozenset(name.strip() for name in listed.split(",") if name.strip())


def sources(package: str) -> Iterator[tuple[str, str]]:
    """Yield dotted name and source of each module of a package."""
    for file in sorted((ROOT / package).rglob("*.py")):
        dotted = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        yield dotted, file.read_text("utf-8")


def imported(source: str) -> Iterator[str]:
    """Yield what a module imports: lazily, for types only, and by a name in a text too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import: write the whole name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and names_a_module(str(node.value)):
            yield str(node.value)


def names_a_module(text: str) -> bool:
    """Tell whether a text is a module's name, or the name of something in one."""
    if not MODULE.fullmatch(text):
        return False
    path = ROOT.joinpath(*re.split("[.:]", text)[:2])
    return path.is_dir() or path.with_suffix(".py").exists()


def room_of(dotted: str, known: dict[str, Room]) -> str:
    """Return the room that a module is in; other names of the package are from its ``__init__``."""
    module = re.split("[.:]", dotted)[1] if "." in dotted else "__init__"
    if module in known:
        return module
    found = [
        name
        for wanted in (module, "__init__")
        for name, room in known.items()
        if wanted in room.modules
    ]
    return found[0]


def wrong_imports(package: str, dotted: str, source: str) -> list[str]:
    """Return a sentence for each import that goes through a wall."""
    known = rooms(package)
    own = known[room_of(dotted.removesuffix(".__init__") if "." in dotted else dotted, known)]
    if own.may_import == {"all"}:
        return []
    others = {
        name: room_of(name, known) for name in imported(source) if name.split(".")[0] == package
    }
    return [
        f"{dotted} imports {name}, but {own.name} may import {', '.join(sorted(own.may_import))} "
        "only (ARCHITECTURE.md): hand the value in as an argument, move what both need to a room "
        "below, or move the code to the room that may import both"
        for name, room in others.items()
        if room != own.name and room not in own.may_import
    ]


@pytest.mark.parametrize(
    ("package", "room"), [(package, room) for package in TITLES for room in rooms(package)]
)
def test_a_room_imports_only_the_rooms_that_its_row_names(package, room):
    found = [
        sentence
        for dotted, source in sources(package)
        if room_of(dotted.removesuffix(".__init__"), rooms(package)) == room
        for sentence in wrong_imports(package, dotted, source)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", TITLES)
def test_the_rooms_of_architecture_md_are_the_folders_and_the_modules(package):
    folders = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / package).glob("*.py")}
    known = rooms(package)
    assert folders == known.keys() - {"base", "faces"}
    assert modules == known["base"].modules | known["faces"].modules


@pytest.mark.parametrize("package", TITLES)
def test_each_room_says_in_one_sentence_what_it_is_for(package):
    for init in (ROOT / package).glob("**/__init__.py"):
        said = ast.get_docstring(ast.parse(init.read_text("utf-8"))) or ""
        assert re.match(r"[^.]+\.", said), init


@pytest.mark.parametrize("package", TITLES)
def test_a_row_names_only_rooms_above_it_in_the_table(package):
    """So there is no circle between rooms."""
    above: set[str] = set()
    for room in rooms(package).values():
        faces_start_commands = {"commands"} if room.name == "faces" else set()
        assert room.may_import - {"all"} - faces_start_commands <= above, room.name
        above.add(room.name)


@pytest.mark.parametrize(("package", "most"), MOST_FLOORS.items())
def test_a_package_has_few_floors(package, most):
    floors: dict[str, int] = {}
    for room in rooms(package).values():
        below = floors.keys() if room.may_import == {"all"} else room.may_import & floors.keys()
        floors[room.name] = 1 + max((floors[name] for name in below), default=0)
    assert max(floors.values()) <= most, floors


@pytest.mark.parametrize("package", TITLES)
def test_a_room_has_at_most_a_dozen_files(package):
    counted = Counter(file.parent for file in (ROOT / package).rglob("*.py"))
    crowded = {room for room, files in counted.items() if files > MOST_FILES}
    assert crowded <= OPEN_FLOORS


@pytest.mark.parametrize("package", TITLES)
def test_no_two_modules_of_a_package_share_a_name(package):
    stems = Counter(file.stem for file in (ROOT / package).rglob("*.py"))
    assert {stem for stem, count in stems.items() if count > 1} <= SAME_JOB


@pytest.mark.parametrize(
    "source",
    [
        "from mock_qualtrics.journal import Journal",
        "import mock_qualtrics.journal.queries",
        "from mock_qualtrics import journal",
        "def f():\n    from mock_qualtrics.journal.queries import Page",
        "if TYPE_CHECKING:\n    from mock_qualtrics.journal.queries import Page",
        "importlib.import_module('mock_qualtrics.journal.queries')",
        "pkgutil.resolve_name('mock_qualtrics.journal:Journal')",
        "def f(journal: 'mock_qualtrics.journal.Journal'): ...",
        "from mock_qualtrics import create_app",
    ],
)
def test_an_import_through_a_wall_is_found_and_told_what_to_do_instead(source):
    (sentence,) = wrong_imports("mock_qualtrics", "mock_qualtrics.gate.checks", source)
    assert sentence.startswith("mock_qualtrics.gate.checks imports mock_qualtrics.")
    assert "gate may import base, events only" in sentence
    assert "hand the value in" in sentence


def test_an_import_from_a_room_that_the_row_names_is_let_through():
    allowed = "from mock_qualtrics.events import strict_json\nfrom mock_qualtrics import ids"
    assert wrong_imports("mock_qualtrics", "mock_qualtrics.gate.checks", allowed) == []
