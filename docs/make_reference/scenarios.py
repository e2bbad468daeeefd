"""The scenarios of the conformance suite, as a table."""

from collections.abc import Iterator

from contracts.conformance.catalogue import catalogue
from contracts.conformance.scenario import Scenario


def table() -> str:
    """Return a table of every scenario: what it tries and allows, its claims and its facts."""
    head = ["| scenario | what it tries | claims | facts |", "|---|---|---|---|"]
    return "\n".join([*head, *map(_row, catalogue().values())])


def _row(scenario: Scenario) -> str:
    cells = (f"`{scenario.name}`", _tried(scenario), _claims(scenario), ", ".join(scenario.facts))
    return f"| {' | '.join(cells)} |"


def _tried(scenario: Scenario) -> str:
    return " ".join(_sentences(scenario)).replace("|", r"\|")


def _sentences(scenario: Scenario) -> Iterator[str]:
    yield scenario.purpose
    if scenario.allows:
        yield f"*Allowed:* {scenario.allows}"


def _claims(scenario: Scenario) -> str:
    return ", ".join(f"`{claim}`" for claim in sorted(scenario.needs))
