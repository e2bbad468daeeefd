"""The layers are read from the imports themselves."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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
CLOCKS = {ROOT / package / "clock.py" for package in ("sender", "mock_qualtrics")}


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


def wall_clock_reads(source: str) -> set[str]:
    calls = {
        ast.unparse(node)
        for node in nodes(source)
        if isinstance(node, ast.Attribute) and node.attr in LAST_WORDS
    }
    read = {name for name in WALL_CLOCK for call in calls if call.endswith(name) and "." in name}
    return read | ({"time"} & set(imported_names(source)))


@pytest.mark.parametrize("folder", FOLDERS, ids=shown)
def test_a_package_imports_only_the_layers_below_it(folder: Path) -> None:
    package = folder.relative_to(ROOT).parts[0]
    for module in folder.glob("*.py"):
        tops = {name.partition(".")[0] for name in imported_names(module.read_text("utf-8"))}
        assert not tops & FORBIDDEN[package], module


@pytest.mark.parametrize("folder", FOLDERS, ids=shown)
def test_only_the_two_clocks_read_the_wall_clock(folder: Path) -> None:
    for module in folder.glob("*.py"):
        if module not in CLOCKS:
            assert not wall_clock_reads(module.read_text("utf-8")), module


def test_the_reader_of_imports_finds_what_it_looks_for() -> None:
    assert set(imported_names("import time\nfrom sender.mapping.mapper import x")) == {
        "time",
        "sender.mapping.mapper",
    }
    assert wall_clock_reads("import time") == {"time"}
    assert wall_clock_reads("import datetime\ndatetime.datetime.now()") == {"datetime.now"}
    assert wall_clock_reads("clock.now()") == set()
