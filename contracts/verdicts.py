"""What came of judging something: a verdict for each case, and their sum.

A case is a scenario of a conformance run, a check of recorded traffic, or a stored failure that is
tried again. `contracts.reports` shows verdicts to people and programs. Pure.
"""

import enum
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

EXIT_WELL: Final = 0
EXIT_FAILED: Final = 1
EXIT_INTERRUPTED: Final = 3
EXIT_NO_VERDICT: Final = 5


class Outcome(enum.StrEnum):
    """What came of one case; an error is the harness's own, and says nothing of what is judged."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one case.

    Attributes:
        name: the case's name, unique among those judged together.
        outcome: what came of it.
        reasons: why it is not passed; each a sentence. Empty when it is.
        facts: the ids of the facts that it rests on, such as ``Q-LIM-1``.
        purpose: what it tries, in one sentence.
        seconds: how long it took.
        is_known: whether it is listed as known to fail; such a failure fails nothing else.
        folder: where what reproduces its failure is stored.
        notes: what reproduces its failure, each a sentence.
    """

    name: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    purpose: str = ""
    seconds: float = 0.0
    is_known: bool = False
    folder: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything that is told of it: its reasons, then its notes."""
        return (*self.reasons, *self.notes)

    @property
    def counts_as_failed(self) -> bool:
        """Whether it fails the whole: a failure that nobody knew."""
        return self.outcome is Outcome.FAILED and not self.is_known

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object with camelCase keys."""
        return {
            "name": self.name,
            "outcome": self.outcome.value,
            "reasons": list(self.reasons),
            "facts": list(self.facts),
            "purpose": self.purpose,
            "seconds": self.seconds,
            "knownFailing": self.is_known,
            "folder": self.folder,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts of one run over a subject, in the order of the cases.

    Attributes:
        subject: what was judged, such as the connector's command.
        verdicts: one for each case, skipped ones too.
    """

    subject: str
    verdicts: tuple[Verdict, ...]

    @property
    def possible(self) -> int:
        """How many cases there are."""
        return len(self.verdicts)

    @property
    def claimed(self) -> int:
        """How many of them the subject claims: those that were not skipped."""
        return self.possible - self._count(Outcome.SKIPPED)

    @property
    def earned(self) -> int:
        """How many passed."""
        return self._count(Outcome.PASSED)

    @property
    def exit_code(self) -> int:
        """0 when all passed that was not skipped, or is known to fail; 1; 5 without a verdict.

        A run that judged nothing fails: it would be green for ever.
        """
        if self._count(Outcome.ERROR):
            return EXIT_NO_VERDICT
        if not self.claimed or any(verdict.counts_as_failed for verdict in self.verdicts):
            return EXIT_FAILED
        return EXIT_WELL

    def of(self, outcomes: Iterable[Outcome]) -> tuple[Verdict, ...]:
        """Return the verdicts with one of these outcomes."""
        wanted = frozenset(outcomes)
        return tuple(verdict for verdict in self.verdicts if verdict.outcome in wanted)

    def _count(self, outcome: Outcome) -> int:
        return len(self.of([outcome]))


def own_names(names: Iterable[str]) -> Iterator[str]:
    """Yield each name, with a number behind it where it came before.

    Example:
        >>> list(own_names(["a", "b", "a"]))
        ['a', 'b', 'a (2)']
    """
    seen: Counter[str] = Counter()
    taken: set[str] = set()
    for name in names:
        own = name
        seen[name] += 1
        while own in taken:  # a case may be called "a (2)" itself
            own = f"{name} ({seen[name]})"
            seen[name] += own in taken
        taken.add(own)
        yield own
