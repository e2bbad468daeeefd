import json
import os
from pathlib import Path

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.counterexamples.pytest_text import file_name, text_of
from contracts.counterexamples.smallest_scenario import all_profiles, with_profiles
from contracts.counterexamples.stored import FILE, Stored, read_stored, to_text
from contracts.errors import CounterexampleError


def stored_of(name: str) -> Stored:
    scenario = catalogue()[name]
    whole = with_profiles(scenario, all_profiles(scenario)[:3])
    return Stored(whole, ("1 of 2",), ("sh", "a b.sh"), False, "/somewhere", 30.0, True, 10)


def test_every_scenario_comes_back_as_it_was_stored(tmp_path: Path):
    for name in catalogue():
        stored = stored_of(name)
        (tmp_path / FILE).write_text(to_text(stored), "utf-8")
        assert read_stored(tmp_path) == stored, name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "expected a counterexample of format 1"),
        ('{"format": 2}', "expected a counterexample of format 1"),
        ('{"format": 1}', "KeyError: 'name'"),
        ('{"format": 1, "name": "a", "scenario": {}}', r"\$\.purpose"),
    ],
)
def test_a_broken_file_is_one_clear_error(tmp_path: Path, text, said):
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(CounterexampleError, match=said):
        read_stored(tmp_path)


def test_a_folder_without_the_file_is_told(tmp_path: Path):
    with pytest.raises(CounterexampleError, match="No such file"):
        read_stored(tmp_path)


def test_a_pipe_that_nobody_writes_to_is_told(tmp_path: Path):
    os.mkfifo(tmp_path / FILE)
    with pytest.raises(CounterexampleError, match="is a named pipe, expected a file"):
        read_stored(tmp_path)


def test_no_secret_is_stored():
    assert not {"apiToken", "token"} & set(json.loads(to_text(stored_of("happy-path"))))


def test_the_test_is_python_under_a_name_of_its_own():
    stored = stored_of("happy-path")
    compile(text_of(stored), "test", "exec")
    assert "def test_happy_path() -> None:" in text_of(stored)
    assert file_name(stored) == "test_happy_path.py"
