"""What a run comes to, in one word and one exit code."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.counts import counted
from loadtests.verdicts.judged import Judged


class VerdictKind(StrEnum):
    """What a run comes to; of several the first counts."""

    BROKEN = "broken"
    GENERATOR_LIMITED = "generator-limited"
    INTERRUPTED = "interrupted"
    MISSED = "missed"
    FAILED = "failed"
    PASSED = "passed"


EXIT_CODES: Final = {
    VerdictKind.BROKEN: 5,
    VerdictKind.GENERATOR_LIMITED: 5,
    VerdictKind.INTERRUPTED: 3,
    VerdictKind.MISSED: 4,
    VerdictKind.FAILED: 1,
    VerdictKind.PASSED: 0,
}
_HEADINGS: Final = {
    VerdictKind.BROKEN: "BROKEN: the run did not take place as planned, and says nothing",
    VerdictKind.GENERATOR_LIMITED: "GENERATOR-LIMITED: the run says nothing of its target",
    VerdictKind.INTERRUPTED: "INTERRUPTED: the run was ended before its time",
    VerdictKind.MISSED: "MISSED",
    VerdictKind.FAILED: "FAILED",
    VerdictKind.PASSED: "PASSED",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run comes to.

    Attributes:
        kind: in one word.
        reasons: why, a sentence each.
    """

    kind: VerdictKind
    reasons: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """The exit code of the command."""
        return EXIT_CODES[self.kind]

    @property
    def is_valid(self) -> bool:
        """Whether it says anything of the target."""
        return self.exit_code != EXIT_CODES[VerdictKind.BROKEN]

    @property
    def heading(self) -> str:
        """It in a few words."""
        return _HEADINGS[self.kind]


def verdict_of(
    *,
    failures: Sequence[str],
    generator: Sequence[str],
    interrupted: bool,
    judged: Sequence[Judged],
    lost: int,
) -> Verdict:
    """Return what a run comes to.

    Args:
        failures: why it broke.
        generator: why its generator was the limit.
        interrupted: whether somebody has ended it.
        judged: its thresholds; with any, they alone say whether it passed.
        lost: how many messages were lost, warm-up and all.
    """
    if failures:
        return Verdict(VerdictKind.BROKEN, tuple(failures))
    if generator:
        return Verdict(VerdictKind.GENERATOR_LIMITED, tuple(generator))
    if interrupted:
        return Verdict(VerdictKind.INTERRUPTED)
    missed = tuple(each.sentence for each in judged if not each.met)
    if missed:
        return Verdict(VerdictKind.MISSED, missed)
    if not judged and lost:
        return Verdict(VerdictKind.FAILED, (f"{counted(lost, 'message')} lost",))
    return Verdict(VerdictKind.PASSED)
