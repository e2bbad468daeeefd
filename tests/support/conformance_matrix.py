"""Who convicts whom: ``make conformance-matrix [CONNECTORS="NAME …"]``.

Runs every connector in every scenario that it claims, which takes ten minutes, says what differs
from ``tests/conformance/convictions.toml``, and writes the tables into ``docs/conformance.md``.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from contracts.conformance.catalogue import catalogue
from contracts.verdicts import Outcome, Verdict
from support.connectors import Connector, broken_connectors, good_connectors, judge

PAGE = Path(__file__).parents[2] / "docs/conformance.md"
BEGIN = "<!-- Made by `make conformance-matrix` from tests/conformance/convictions.toml. -->"
END = "<!-- End of what `make conformance-matrix` makes. -->"


def main(names: list[str]) -> None:
    """Judge these connectors, or all; end with 1 when anything differs from what is stated."""
    known = [*good_connectors(), *broken_connectors()]
    chosen = [each for each in known if (not names or each.name in names) and each.is_runnable]
    verdicts = judge((each, name) for each in chosen for name in each.claimed)
    complaints = list(differences(chosen, verdicts))
    sys.stdout.write("\n".join([*complaints, f"{len(verdicts)} verdicts", ""]))
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
    sys.exit(bool(complaints))


def differences(
    connectors: Iterable[Connector], verdicts: Mapping[tuple[str, str], Verdict]
) -> Iterator[str]:
    """Yield each verdict that is not the stated one, as a sentence with its reasons."""
    stated = {each.name: each.convicted_by for each in connectors}
    for (connector, scenario), verdict in verdicts.items():
        wanted = Outcome.FAILED if scenario in stated[connector] else Outcome.PASSED
        if verdict.outcome is not wanted:
            why = "; ".join(verdict.reasons)
            yield f"{connector} in {scenario}: {verdict.outcome}, stated {wanted}. {why}".strip()


def with_tables(page: str) -> str:
    """Return the page with the tables between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join([f"{before}{BEGIN}", "", *tables(), "", f"{END}{after}"])


def tables() -> Iterator[str]:
    """Yield the lines of the three tables."""
    broken = broken_connectors()
    yield "| good connector | what it is | does not claim |"
    yield "|---|---|---|"
    for each in good_connectors():
        yield f"| `{each.name}` | {each.purpose} | {_names(sorted(each.without))} |"
    yield ""
    yield "| broken connector | what is wrong with it | convicted by |"
    yield "|---|---|---|"
    for each in broken:
        yield f"| `{each.name}` | {each.purpose} | {_convicted_by(each)} |"
    yield ""
    yield "| scenario | convicts |"
    yield "|---|---|"
    most = [each for each in broken if each.is_convicted_by_most]
    yield f"| nearly every one | {_names(each.name for each in most)} |"
    for name in catalogue():
        named = (e.name for e in broken if name in e.convicted_by and e not in most)
        yield f"| `{name}` | {_names(named)} |"


def _convicted_by(connector: Connector) -> str:
    if not connector.is_convicted_by_most:
        return _names(connector.convicted_by)
    passed = [name for name in connector.claimed if name not in connector.convicted_by]
    return f"all but {_names(passed)}" if passed else "all"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


if __name__ == "__main__":
    main(sys.argv[1:])
