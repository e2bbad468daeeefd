"""The mutation score: how many of the small changes of the code some test notices.

`make mutants` runs mutmut and then says: the score of each area, what was not run in time, and each
function that has more survivors than ``survivors.toml`` and the rule of `texts` explain.
"""

import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from mutation.texts import is_wording

EXPLAINED = Path(__file__).with_name("survivors.toml")
AREAS = {
    "gate": "mock_qualtrics.gate.",
    "activation": "sender.mapping.activation.",
    "mapping": "sender.mapping.",
    "delivery-decision": "sender.delivery.decisions.",
    "compatibility": "contracts.compatibility.",
}
SURVIVED, NO_TEST = {0}, {5, 33}  # mutmut's exit codes of a mutant
MUTANT = re.compile(r"__mutmut_\d+$")


@dataclass
class Area:
    """What became of the mutants of one area."""

    judged: int = 0
    waiting: int = 0
    wordings: int = 0
    survivors: Counter[str] = field(default_factory=Counter)

    @property
    def killed(self) -> int:
        """How many some test noticed."""
        return self.judged - self.wordings - self.survivors.total()

    def __str__(self) -> str:
        """Return the counts and the share."""
        share = self.killed / self.judged if self.judged else 0.0
        wordings = f", {self.wordings} change only a message" if self.wordings else ""
        waiting = f", {self.waiting} not run in time" if self.waiting else ""
        return f"{self.killed} of {self.judged} killed, {share:.1%}{wordings}{waiting}"


class Result(NamedTuple):
    """What became of one mutant: mutmut's exit code, None if it was not run."""

    mutant: str
    code: int | None
    file: Path

    @property
    def area(self) -> str | None:
        """The first area whose modules it is in."""
        found = (name for name, prefix in AREAS.items() if self.mutant.startswith(prefix))
        return next(found, None)

    @property
    def survived(self) -> bool:
        """Whether no test noticed it."""
        return self.code in SURVIVED | NO_TEST


def results(folder: Path) -> Iterator[Result]:
    """Yield what became of each mutant; nothing before the first run."""
    for file in sorted(folder.rglob("*.meta")):
        for mutant, code in json.loads(file.read_text("utf-8"))["exit_code_by_key"].items():
            yield Result(mutant, code, file.with_suffix(""))


def areas_of(found: Iterable[Result]) -> dict[str, Area]:
    """Return what became of the mutants of each area, by its name."""
    areas = {name: Area() for name in AREAS}
    for result in found:
        if result.area is not None:
            _count(areas[result.area], result)
    return areas


def _count(area: Area, result: Result) -> None:
    if result.code is None:
        area.waiting += 1
        return
    area.judged += 1
    if not result.survived:
        return
    if is_wording(result.file, result.mutant):
        area.wordings += 1
    else:
        area.survivors[function_of(result.mutant)] += 1


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


def report(folder: Path) -> int:
    """Print the score, area by area; return 1 when a survivor is not explained, else 0."""
    areas = areas_of(results(folder))
    for name, area in areas.items():
        if area.judged or area.waiting:
            sys.stdout.write(f"{name}: {area}\n")
    if any(area.waiting for area in areas.values()):
        sys.stdout.write("Run it again to go on with what was not run in time.\n")
    found = unexplained(areas, tomllib.loads(EXPLAINED.read_text("utf-8"))["survivors"])
    sys.stdout.write("".join(f"{sentence}\n" for sentence in found))
    return 1 if found else 0
