"""What `make mutants` gives mutmut to run."""

import json
from pathlib import Path

import pytest

from mutation import run
from mutation.run import names

CODES = {
    "mock_qualtrics.gate.checks.x_f__mutmut_1": 1,
    "mock_qualtrics.gate.checks.x_f__mutmut_2": None,
    "mock_qualtrics.gate.checks.x_f__mutmut_3": 0,
    "sender.mapping.activation.x_f__mutmut_1": None,
    "sender.mapping.mapper.x_f__mutmut_1": 33,
    "sender.mapping.mapper.x_f__mutmut_2": 1,
}


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("gate", list(CODES)[1:3]),
        ("activation", list(CODES)[3:4]),
        ("mapping", list(CODES)[4:5]),
        ("compatibility", ["contracts.compatibility.*"]),
        (None, list(CODES)[1:5]),
    ],
)
def test_a_run_goes_on_with_what_was_not_run_and_with_what_survived(
    tmp_path: Path, area: str | None, expected: list[str]
):
    (tmp_path / "a.py.meta").write_text(json.dumps({"exit_code_by_key": CODES}), "utf-8")
    assert names(tmp_path, area) == expected


def test_a_first_run_of_all_areas_is_of_all(tmp_path: Path):
    assert names(tmp_path, None) == []


@pytest.fixture
def mutmut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    command = tmp_path / "mutmut"
    command.touch(0o755)
    monkeypatch.setattr(run.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(run, "LOG", tmp_path / "log")
    monkeypatch.setattr(run, "END_SECONDS", 0.01)
    return command


def test_mutmut_is_given_what_to_run_and_its_output_is_kept(mutmut: Path, tmp_path: Path):
    mutmut.write_text("#!/bin/sh\necho $@\n", "utf-8")
    assert run.run(["a", "b"], 600, 1)
    assert (tmp_path / "log").read_text("utf-8") == "run --max-children 1 a b\n"


@pytest.mark.parametrize(("area", "runs"), [("gate", 2), ("compatibility", 1), (None, 2)])
def test_what_mutmut_made_anew_is_run_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, area: str | None, runs: int
):
    given: list[list[str]] = []

    def made(arguments: list[str], seconds: float, _: int) -> bool:
        (tmp_path / "a.py.meta").write_text(json.dumps({"exit_code_by_key": CODES}), "utf-8")
        given.append(arguments)
        return seconds > 0

    monkeypatch.setattr(run, "FOLDER", tmp_path)
    monkeypatch.setattr(run, "run", made)
    run.run_area(area, 600, 1)
    assert len(given) == runs
    if runs > 1:
        assert given[1][0] == "mock_qualtrics.gate.checks.x_f__mutmut_2"
    run.run_area(area, 0, 1)
    assert len(given) == runs + 1


def test_a_run_that_does_not_stop_when_its_time_is_up_is_ended(mutmut: Path):
    mutmut.write_text("#!/bin/sh\ntrap : INT\nwhile :; do sleep 600; done\n", "utf-8")
    assert not run.run([], 0.05, 1)


def test_which_tests_run_a_function_is_asked_anew(tmp_path: Path):
    run.forget_tests(tmp_path)
    assert list(tmp_path.iterdir()) == []
    file = tmp_path / "mutmut-stats.json"
    known = {"tests_by_mangled_function_name": {"f": ["t"]}, "duration_by_test": {"t": 1}, "x": 1}
    file.write_text(json.dumps(known), "utf-8")
    run.forget_tests(tmp_path)
    expected = {"tests_by_mangled_function_name": {}, "duration_by_test": {}, "x": 1}
    assert json.loads(file.read_text("utf-8")) == expected
