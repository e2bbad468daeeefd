"""The suite is judged too: good connectors pass it, and each broken one is convicted as stated."""

import os
from pathlib import Path

import pytest

from contracts.conformance.catalogue import catalogue
from support.conformance_matrix import PAGE, differences, with_tables
from support.connectors import PROGRAMS, Connector, broken_connectors, good_connectors, judge

HAPPY = "happy-path"
LEFT_TO_THE_MATRIX = {
    "five-hundred-profiles",  # as much work as twenty others
}
# Where a broken connector is convicted by how much it does in 1.5 s, or by how soon it tries again,
# a busy machine lets it pass.
LEFT_OUT_FOR_BROKEN = LEFT_TO_THE_MATRIX | {"destination-down-for-a-while", "waits-before-a-retry"}
LEAST_BROKEN = 15
FEW = 5  # a broken connector that more scenarios convict is tried on the most telling one
LINES = 40


def share(place: int, connector: Connector) -> list[str]:
    """Return a share of what it claims: each connector begins at another scenario."""
    claimed = [name for name in connector.claimed if name not in LEFT_TO_THE_MATRIX]
    return claimed[place % connector.share :: connector.share]


def tried(connector: Connector) -> set[str]:
    """Return what a broken connector is tried on: what convicts it, and the happy path."""
    few = len(connector.convicted_by) <= FEW
    convicting = connector.convicted_by if few else connector.convicted_by[:1]
    return {HAPPY, *(set(convicting) - LEFT_OUT_FOR_BROKEN or convicting)}


def names(connectors: list[Connector]) -> set[str]:
    return {each.file for each in connectors}


@pytest.mark.clients
def test_good_connectors_pass_the_suite():
    good = good_connectors()
    missing = [each.name for each in good if not each.is_runnable]
    cases = [(c, n) for place, c in enumerate(good) if c.is_runnable for n in share(place, c)]
    assert list(differences(good, judge(cases))) == []
    if missing:
        assert not os.environ.get("REQUIRE_CLIENTS"), f"cannot be run here: {missing}"
        pytest.skip(f"passed, but for those that cannot be run here: {', '.join(missing)}")


def test_broken_connectors_are_convicted_by_what_is_named_for_them_and_pass_the_happy_path():
    broken = broken_connectors()
    cases = [(connector, name) for connector in broken for name in sorted(tried(connector))]
    assert list(differences(broken, judge(cases))) == []


def test_every_connector_is_judged_and_every_scenario_convicts_one():
    good, broken = good_connectors(), broken_connectors()
    programs = {str(file.relative_to(PROGRAMS)) for file in PROGRAMS.glob("*/*.*")}
    assert programs == names(good) | names(broken)
    assert len(broken) >= LEAST_BROKEN
    convicting = {name for each in broken for name in each.convicted_by}
    assert convicting == set(catalogue())
    assert [each.name for each in broken if not each.convicted_by] == []


def test_a_connector_is_short_and_says_first_what_it_does():
    for each in [*good_connectors(), *broken_connectors()]:
        if "sound" not in each.name:
            lines = (PROGRAMS / each.file).read_text("utf-8").splitlines()
            assert len(lines) < LINES, each.file
        assert each.purpose.endswith("."), each.file


def test_the_page_has_every_connector_and_scenario():
    page = Path(PAGE).read_text("utf-8")
    assert page == with_tables(page), "make conformance-matrix"
