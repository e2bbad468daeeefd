"""The planted bugs do not rot: each still has its place in the code."""

import pytest
from click.testing import CliRunner

from simulation.plants import __main__ as command
from simulation.plants.__main__ import main
from simulation.plants.plant import ROOT, Plant, plants, plants_named
from simulation.plants.searching import Search

PLANTS = plants()


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_bug_has_one_place_and_leaves_code_that_compiles(plant) -> None:
    text = (ROOT / plant.file).read_text("utf-8")
    planted = plant.planted(text)
    assert planted != text
    compile(planted, plant.file, "exec")


def test_both_sides_have_bugs_and_no_two_the_same_name() -> None:
    names = [plant.name for plant in PLANTS]
    assert len(names) == len(set(names)) >= 12
    assert {plant.side for plant in PLANTS} == {"sender", "mock"}


@pytest.mark.parametrize("times", [0, 2])
def test_a_text_that_is_not_there_once_is_an_error_that_says_so(times) -> None:
    plant = Plant("a-bug", "sender/x.py", "why", "old", "new")
    with pytest.raises(ValueError, match=f"a-bug: found its old text {times} times in sender/x.py"):
        plant.planted("old" * times)


def test_an_unknown_name_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="found 'no-such-bug', expected one of acknowledge-before"):
        plants_named(["no-such-bug"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no-such-bug"], "Invalid value for NAME: found 'no-such-bug', expected one of"),
        (["--seeds", "0"], "Invalid value for '--seeds': 0 is not in the range x>=1."),
        (["--jobs", "two"], "Invalid value for '--jobs': 'two' is not a valid integer"),
    ],
)
def test_wrong_usage_is_one_error_and_searches_for_nothing(arguments, says) -> None:
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.parametrize(
    ("seeds", "code", "told"),
    [
        (7, 0, "lease-after-sending: seed 7, 1.5 s, order"),
        (None, 1, "lease-after-sending: NOT FOUND"),
    ],
)
def test_the_table_says_how_many_seeds_it_took_and_a_bug_that_is_not_found_fails(
    seeds, code, told, monkeypatch
) -> None:
    (plant,) = plants_named(["lease-after-sending"])
    monkeypatch.setattr(command, "search", lambda plant, **_: Search(plant, seeds, 1.5, "order"))
    done = CliRunner().invoke(main, ["--markdown", plant.name])
    assert (done.exit_code, done.stderr.startswith(told)) == (code, True)
    row = f"| lease-after-sending | sender | {seeds or 'none'} | 1.5 | order | {plant.why} |"
    assert done.stdout.splitlines()[-1] == row


def test_a_search_that_breaks_is_an_error_of_its_own(monkeypatch) -> None:
    def search(*_: object, **__: object) -> None:
        raise RuntimeError("no module named simulation")

    monkeypatch.setattr(command, "search", search)
    done = CliRunner().invoke(main, ["lease-after-sending"])
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr == "Error: no module named simulation\n"
