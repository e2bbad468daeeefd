"""A planted bug is found in the copy that it is planted in, and nothing where there is none."""

import pytest

from simulation.plants.plant import Plant, plants_named
from simulation.plants.searching import search

SOUND = Plant(
    name="no-bug",
    file="sender/delivery/rates/offered_rate.py",
    why="nothing is: a number is written in another way",
    old="CATCH_UP_SECONDS = 2.0\n",
    new="CATCH_UP_SECONDS = 2.00\n",
)


@pytest.mark.parametrize(
    ("name", "invariant"),
    [
        ("lease-after-sending", "marked before sent"),
        ("release-order-too-early", "order"),
        ("acknowledge-before-commit", "answered is kept"),
        ("keep-no-outcome-of-a-run", "totals balance"),
    ],
)
def test_a_planted_bug_is_found_by_one_of_the_first_seeds(name, invariant) -> None:
    (plant,) = plants_named([name])
    found = search(plant, seeds=5, timeout_seconds=300)
    assert (found.seeds is not None, found.invariant) == (True, invariant)


def test_in_sound_code_nothing_is_found() -> None:
    found = search(SOUND, seeds=1, timeout_seconds=300)
    assert (found.seeds, found.invariant) == (None, "none failed")


def test_a_search_that_takes_too_long_has_found_nothing() -> None:
    found = search(SOUND, seeds=1, timeout_seconds=0.001)
    assert (found.seeds, found.invariant) == (None, "not within 0.001 s")


def test_a_copy_that_does_not_even_start_is_no_find(monkeypatch) -> None:
    monkeypatch.setattr("simulation.plants.searching.COPIED", ("sender",))
    with pytest.raises(RuntimeError, match="No module named"):
        search(SOUND, seeds=1, timeout_seconds=300)
