"""The layers are read from the imports themselves."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("sender", "mock_qualtrics", "contracts")
FORBIDDEN = {
    "sender": {"mock_qualtrics", "loadtests"},
    "mock_qualtrics": {"sender", "loadtests"},
    "contracts": {"sender", "mock_qualtrics", "loadtests"},
}
WALL_CLOCK = {"time", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
CLOCKS = {ROOT / package / "clock.py" for package in ("sender", "mock_qualtrics")}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported_names(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def wall_clock_reads(source: str) -> set[str]:
    tree = ast.parse(source)
    calls = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    read = {name for name in WALL_CLOCK for call in calls if call.endswith(name) and "." in name}
    return read | ({"time"} & set(imported_names(source)))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_the_layers_below_it(package: str) -> None:
    for module in modules(package):
        tops = {name.partition(".")[0] for name in imported_names(module.read_text("utf-8"))}
        assert not tops & FORBIDDEN[package], module


@pytest.mark.parametrize("package", PACKAGES)
def test_only_the_two_clocks_read_the_wall_clock(package: str) -> None:
    for module in modules(package):
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
