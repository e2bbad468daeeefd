"""Unit tests mirror the code: each file stands where its module does, and has its name."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UNIT = ROOT / "tests" / "unit"
PACKAGES = ("contracts", "loadtests", "mock_qualtrics", "sender")
FILES = sorted(file for package in PACKAGES for file in (UNIT / package).rglob("test_*.py"))


def possible_modules(test_file: Path) -> list[Path]:
    """Return the modules that `test_a_b.py` may be about: `a_b.py`, or the aspect `b` of `a.py`."""
    folder = test_file.relative_to(UNIT).parent
    words = test_file.stem.removeprefix("test_").split("_")
    return [folder / ("_".join(words[:count]) + ".py") for count in range(len(words), 0, -1)]


def exists(module: Path) -> bool:
    return (ROOT / module).is_file()


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(UNIT)))
def test_a_unit_test_file_names_a_module_that_exists(file: Path):
    modules = possible_modules(file)
    assert any(map(exists, modules)), (
        f"{file.relative_to(ROOT)}: there is no module {modules[0]}; name the test "
        "test_<module>.py or test_<module>_<aspect>.py, in the folder of its module, "
        "or move it to tests/component if it is about more than one"
    )


def test_a_module_is_named_whole_or_with_an_aspect():
    assert possible_modules(UNIT / "mock_qualtrics/events/test_json_path.py") == [
        Path("mock_qualtrics/events/json_path.py"),
        Path("mock_qualtrics/events/json.py"),
    ]
    assert not exists(Path("mock_qualtrics/events/json.py"))
    assert exists(Path("mock_qualtrics/events/json_path.py"))
