"""All scenarios of the suite, by name."""

import difflib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from contracts.conformance.scenario import Scenario, read_scenario
from contracts.errors import UnknownScenarioError

SUFFIX: Final = ".toml"


@cache
def catalogue() -> dict[str, Scenario]:
    """Return every scenario by its name, in the order of the names.

    Raises:
        ScenarioError: a file of the suite is not a scenario.
    """
    folder = files("contracts.conformance") / "scenarios"
    found = {
        file.name.removesuffix(SUFFIX): file.read_text("utf-8")
        for file in folder.iterdir()
        if file.name.endswith(SUFFIX)
    }
    return {name: read_scenario(name, found[name]) for name in sorted(found)}


def chosen(names: Iterable[str]) -> tuple[Scenario, ...]:
    """Return the scenarios of these names, each once, in the suite's order; for no name all.

    Raises:
        UnknownScenarioError: there is none of a name; says which was perhaps meant.
    """
    known, wanted = catalogue(), set(names)
    for name in sorted(wanted - known.keys()):
        raise UnknownScenarioError(name, similar_names(name))
    return tuple(scenario for name, scenario in known.items() if name in wanted or not wanted)


def similar_names(name: str) -> list[str]:
    """Return the scenario that was perhaps meant by a name; nothing when none is like it."""
    return difflib.get_close_matches(name, catalogue(), n=1, cutoff=0.5)


def claims() -> frozenset[str]:
    """Return everything that a connector may claim or decline."""
    return frozenset().union(*(scenario.needs for scenario in catalogue().values()))
