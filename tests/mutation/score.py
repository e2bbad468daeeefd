"""The mutation score: how many of the small changes of the code some test notices.

`make mutants` runs mutmut and then this: it reads what mutmut has found, prints the score of each
area, and names each function that has more survivors than ``survivors.toml`` explains.
"""

import argparse
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EXPLAINED = Path(__file__).with_name("survivors.toml")
AREAS = {
    "gate": "mock_qualtrics.gate.",
    "activation": "sender.mapping.activation.",
    "mapping": "sender.mapping.",
    "delivery decision": "sender.delivery.decisions.",
    "compatibility": "contracts.compatibility.",
}
SURVIVED, NO_TEST = {0}, {5, 33}  # mutmut's exit codes of a mutant
MUTANT = re.compile(r"__mutmut_\d+$")


@dataclass
class Area:
    """What became of the mutants of one area."""

    judged: int = 0
    waiting: int = 0
    survivors: Counter[str] = field(default_factory=Counter)

    @property
    def killed(self) -> int:
        """How many some test noticed."""
        return self.judged - self.survivors.total()

    def __str__(self) -> str:
        """Return the counts and the share."""
        share = self.killed / self.judged if self.judged else 0.0
        waiting = f", {self.waiting} not run in time" if self.waiting else ""
        return f"{self.killed} of {self.judged} killed, {share:.1%}{waiting}"


def results(folder: Path) -> Iterator[tuple[str, int | None]]:
    """Yield each mutant with its exit code; None for one that was not run."""
    for file in sorted(folder.rglob("*.meta")):
        yield from json.loads(file.read_text("utf-8"))["exit_code_by_key"].items()


def areas_of(found: Iterator[tuple[str, int | None]]) -> dict[str, Area]:
    """Return the areas by name; a mutant is of the first whose modules it is in."""
    areas = {name: Area() for name in AREAS}
    for mutant, code in found:
        name = next((name for name, prefix in AREAS.items() if mutant.startswith(prefix)), None)
        if name is None:
            continue
        if code is None:
            areas[name].waiting += 1
            continue
        areas[name].judged += 1
        if code in SURVIVED | NO_TEST:
            areas[name].survivors[function_of(mutant)] += 1
    return areas


def function_of(mutant: str) -> str:
    """Return the function that a mutant changes, as Python names it.

    Example:
        >>> function_of("sender.mapping.scalars.xǁWriterǁput__mutmut_3")
        'sender.mapping.scalars.Writer.put'
    """
    module, _, name = MUTANT.sub("", mutant).rpartition(".")
    return f"{module}.{name.removeprefix('x_').replace('xǁ', '').replace('ǁ', '.')}"


def unexplained(areas: Mapping[str, Area], rows: list[dict[str, Any]]) -> list[str]:
    """Return a sentence for each function with more survivors than are explained."""
    most = {row["function"]: row["most"] for row in rows}
    counted = Counter[str]()
    for area in areas.values():
        counted.update(area.survivors)
    return [
        f"{function}: {count} survive, {most.get(function, 0)} are explained"
        for function, count in sorted(counted.items())
        if count > most.get(function, 0)
    ]


def main() -> None:
    """Print the score; exit with 1 when a survivor is not explained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="mutmut's folder: mutants")
    areas = areas_of(results(parser.parse_args().folder))
    for name, area in areas.items():
        sys.stdout.write(f"{name}: {area}\n")
    rows = tomllib.loads(EXPLAINED.read_text("utf-8"))["survivors"]
    found = unexplained(areas, rows)
    sys.stdout.write("".join(f"{sentence}\n" for sentence in found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
