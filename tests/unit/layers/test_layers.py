"""The layers are read from the imports themselves."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("sender", "mock_qualtrics", "contracts")
FOLDERS = sorted({file.parent for package in PACKAGES for file in (ROOT / package).rglob("*.py")})
FORBIDDEN = {
    "sender": {"mock_qualtrics", "loadtests"},
    "mock_qualtrics": {"sender", "loadtests"},
    "contracts": {"sender", "mock_qualtrics", "loadtests"},
}
WALL_CLOCK = {"time", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
LAST_WORDS = {name.rpartition(".")[2] for name in WALL_CLOCK}
CLOCKS = {ROOT / package / "clock.py" for package in PACKAGES}


LOADERS = {"import_module", "__import__", "resolve_name", "exec", "eval"}
MAY_PUT_NAMES_TOGETHER = {
    "contracts/command_groups.py",  # subcommands: a test says that they are of their own package
    "contracts/counterexamples/replaying.py",  # the function that a test judged
    "mock_qualtrics/__init__.py",  # public names, each from its room
    "mock_qualtrics/store/statements.py",  # SQLAlchemy's dialects
    "sender/__init__.py",  # public names, each from its room
}


def shown(folder: Path) -> str:
    return str(folder.relative_to(ROOT))


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))


def imported_names(source: str) -> Iterator[str]:
    for node in nodes(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""
        elif is_loading(node) and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def is_loading(node: ast.AST) -> TypeGuard[ast.Call]:
    """Tell whether something is imported, or run, by a name in a text."""
    if not (isinstance(node, ast.Call) and node.args):
        return False
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in LOADERS


def puts_a_name_together(source: str) -> bool:
    return any(
        is_loading(node) and not isinstance(node.args[0], ast.Constant) for node in nodes(source)
    )


def wall_clock_reads(source: str) -> set[str]:
    calls = {
        ast.unparse(node)
        for node in nodes(source)
        if isinstance(node, ast.Attribute) and node.attr in LAST_WORDS
    }
    read = {name for name in WALL_CLOCK for call in calls if call.endswith(name) and "." in name}
    return read | renamed_dates(source) | ({"time"} & set(imported_names(source)))


def renamed_dates(source: str) -> set[str]:
    """Return the classes of dates that get another name, under which reading them is not seen."""
    return {
        f"{alias.name} as {alias.asname}"
        for node in nodes(source)
        if isinstance(node, ast.ImportFrom) and node.module == "datetime"
        for alias in node.names
        if alias.asname
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=shown)
def test_names_of_modules_are_put_together_only_where_it_is_said(folder: Path) -> None:
    found = {
        str(file.relative_to(ROOT))
        for file in folder.glob("*.py")
        if puts_a_name_together(file.read_text("utf-8"))
    }
    assert found == {name for name in MAY_PUT_NAMES_TOGETHER if ROOT / name in folder.glob("*.py")}


@pytest.mark.parametrize("folder", FOLDERS, ids=shown)
def test_a_package_imports_only_the_layers_below_it(folder: Path) -> None:
    package = folder.relative_to(ROOT).parts[0]
    for module in folder.glob("*.py"):
        tops = {name.partition(".")[0] for name in imported_names(module.read_text("utf-8"))}
        assert not tops & FORBIDDEN[package], module


@pytest.mark.parametrize("folder", FOLDERS, ids=shown)
def test_only_the_three_clocks_read_the_wall_clock(folder: Path) -> None:
    for module in folder.glob("*.py"):
        if module not in CLOCKS:
            assert not wall_clock_reads(module.read_text("utf-8")), module


def test_the_reader_of_imports_finds_what_it_looks_for() -> None:
    assert set(imported_names("import time\nfrom sender.mapping.mapper import x")) == {
        "time",
        "sender.mapping.mapper",
    }
    assert set(imported_names("import_module('sender.mapping')\n__import__('sender')")) == {
        "sender.mapping",
        "sender",
    }
    assert puts_a_name_together("importlib.import_module(f'sender.{name}')")
    assert not puts_a_name_together("import_module('sender')")
    assert wall_clock_reads("import time") == {"time"}
    assert wall_clock_reads("from datetime import datetime as d\nd.now()") == {"datetime as d"}
    assert wall_clock_reads("import datetime\ndatetime.datetime.now()") == {"datetime.now"}
    assert wall_clock_reads("clock.now()") == set()
