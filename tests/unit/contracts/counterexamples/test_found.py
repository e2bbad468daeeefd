"""Where a failure is stored, as reports name it."""

from pathlib import Path

import pytest

from contracts.conformance.scenario import Scenario
from contracts.counterexamples.found import Counterexamples
from contracts.errors import CounterexampleError

SCENARIO = Scenario("lost", "All arrive.", ("A-MSG-1",), sample_count=3)


class Failed:
    reasons = ("1 of 3 messages started no run",)

    def __init__(self, recording) -> None:
        self.recording = recording


@pytest.fixture
def add(recording, call):
    def stored_in(folder: Path | None) -> tuple[str, tuple[str, ...]]:
        failures = Counterexamples(folder, ["./connector"], seconds_each=0)
        return failures.add(SCENARIO, Failed(recording(call())), again=lambda _: None)

    return stored_in


def test_a_folder_below_this_one_is_named_as_in_every_checkout(add, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for keep in (Path("reports/kept"), tmp_path / "reports/kept"):
        folder, notes = add(keep)
        assert folder == "reports/kept/lost/counterexample"
        assert notes[0] == f"it fails with 3 of its 3 profiles: {folder}/profiles.jsonl"
        assert f"curl line: cd {folder} && curl " in notes[1]
        assert notes[2] == f"as a pytest test: {folder}/test_lost.py"
        assert Path(folder, "counterexample.json").is_file()


def test_a_folder_elsewhere_is_named_by_its_whole_path(add, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert add(tmp_path / "kept")[0] == str(tmp_path / "kept/lost/counterexample")
    assert add(Path("../kept"))[0] == "../kept/lost/counterexample"


def test_a_path_with_a_blank_can_be_typed_as_it_stands(add, tmp_path):
    _, notes = add(tmp_path / "my kept")
    folder = tmp_path / "my kept/lost/counterexample"
    assert notes[0].endswith(f"profiles: '{folder}/profiles.jsonl'")
    assert f": cd '{folder}' && curl " in notes[1]
    assert notes[2] == f"as a pytest test: '{folder}/test_lost.py'"


def test_a_folder_that_cannot_be_made_is_an_error(add, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CounterexampleError, match="file/lost/counterexample: Not a directory"):
        add(tmp_path / "file")
