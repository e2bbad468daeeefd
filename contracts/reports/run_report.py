"""One run as reports show it: its cases, its score, and how it ended. Pure."""

import math
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from contracts.reports.texts import LONGEST_NAME, on_one_line, shown
from contracts.verdicts import EXIT_NO_VERDICT, Outcome, Verdict, Verdicts, own_names

MOST_CASES: Final = 2_000
"""With the bounds of their texts less than the 30 MB that GitLab takes."""
MOST_REASONS: Final = 10
THE_RUN: Final = "the run itself"
NOTHING_JUDGED: Final = "nothing was judged: expected at least one case that is not skipped"

_PROGRAM: Final = "qualtrics-contracts"
_CLAIMS: Final = "conformance"
_REASONS_ON_ONE_LINE: Final = 2
_LONGEST_FACT: Final = 40  # characters
_LONGEST_SECONDS: Final = 366 * 86_400.0
_FOUND: Final = {Outcome.FAILED: "Found", Outcome.ERROR: "No verdict"}
_URGENCY: Final = (Outcome.ERROR, Outcome.FAILED, Outcome.SKIPPED, Outcome.PASSED)


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run, with texts that are safe to show; :func:`run_report` makes it.

    Attributes:
        tool: the subcommand, such as ``conformance``.
        subject: what was judged.
        started: when it began, in UTC.
        seconds: how long it took.
        ended_by: why it ended before all was judged; empty when all was.
        possible, claimed, earned: the score, of all cases.
        failed: how many failed, those included that were known to.
        unjudged: how many have no verdict.
        exit_code: 0, 1 or 5, as of the verdicts; 5 when the run ended before all was judged.
        cases: the verdicts, at most :data:`MOST_CASES`; those that need a look come first when not
            all are there.
        left_out: how many cases are not there.
        program: the command that ``tool`` is a subcommand of.
    """

    tool: str
    subject: str
    started: datetime
    seconds: float
    ended_by: str
    possible: int
    claimed: int
    earned: int
    failed: int
    unjudged: int
    exit_code: int
    cases: tuple[Verdict, ...]
    left_out: int
    program: str = _PROGRAM

    @property
    def title(self) -> str:
        """The command."""
        return f"{self.program} {self.tool}"

    @property
    def ended(self) -> datetime:
        """When it ended, in UTC."""
        return self.started + timedelta(seconds=self.seconds)

    @property
    def score(self) -> str:
        """What came of all cases, on one line; only who is judged by scenarios claims some."""
        if self.tool == _CLAIMS:
            return f"{self.possible} possible, {self.claimed} claimed, {self.earned} earned"
        if not self.claimed:
            return "nothing was judged"
        others = {
            "failed": self.failed,
            "without a verdict": self.unjudged,
            "skipped": self.possible - self.claimed,
        }
        rest = [f"{count} {what}" for what, count in others.items() if count]
        return ", ".join([f"{self.earned} of {self.possible} passed", *rest])

    @property
    def trouble(self) -> Verdict | None:
        """What is wrong with the run itself, as a case, so that no reader takes it for a pass."""
        if self.ended_by:
            return Verdict(THE_RUN, Outcome.ERROR, (self.ended_by,))
        if not self.claimed:
            return Verdict(THE_RUN, Outcome.FAILED, (NOTHING_JUDGED,))
        return None

    @property
    def unlisted(self) -> str:
        """How many cases are not there, as a sentence; empty when all are."""
        are = "case is" if self.left_out == 1 else "cases are"
        return f"{self.left_out:,} more {are} not listed." if self.left_out else ""

    @property
    def cases_for_ci(self) -> tuple[Verdict, ...]:
        """The cases as a CI system counts them: a failure that was known is skipped.

        What is wrong with the run itself is one more case.
        """
        trouble = self.trouble
        cases = tuple(map(_known_as_skipped, self.cases))
        return cases if trouble is None else (*cases, trouble)

    def to_mapping(self, cases_key: str) -> dict[str, Any]:
        """Return it as a JSON object, with the cases under that key."""
        score = {"possible": self.possible, "claimed": self.claimed, "earned": self.earned}
        ended = {"endedBy": self.ended_by} if self.ended_by else {}
        return {**score, **ended, cases_key: [verdict.to_mapping() for verdict in self.cases]}


def run_report(
    tool: str,
    verdicts: Verdicts,
    started: datetime,
    seconds: float,
    ended_by: str = "",
    *,
    program: str = _PROGRAM,
) -> RunReport:
    """Return a run as reports show it.

    Args:
        tool: the subcommand, such as ``conformance``.
        verdicts: what came of each case.
        started: when it began, in UTC.
        seconds: how long it took; what is no finite duration counts as 0.
        ended_by: why it ended before all was judged; empty when all was.
        program: the command that it is a subcommand of.
    """
    kept = _most_urgent(verdicts.verdicts)
    return RunReport(
        tool=tool,
        subject=on_one_line(shown(verdicts.subject)),
        started=started,
        seconds=_shown_seconds(seconds),
        ended_by=shown(ended_by),
        possible=verdicts.possible,
        claimed=verdicts.claimed,
        earned=verdicts.earned,
        failed=len(verdicts.of([Outcome.FAILED])),
        unjudged=len(verdicts.of([Outcome.ERROR])),
        exit_code=EXIT_NO_VERDICT if ended_by else verdicts.exit_code,
        cases=tuple(_with_own_names(map(_shown_verdict, kept))),
        left_out=len(verdicts.verdicts) - len(kept),
        program=program,
    )


def needs_a_look(verdict: Verdict) -> bool:
    """Return whether a case failed as nobody knew, or has no verdict."""
    return verdict.counts_as_failed or verdict.outcome is Outcome.ERROR


def label(verdict: Verdict) -> str:
    """Return the outcome in words."""
    is_known_failure = verdict.is_known and verdict.outcome is Outcome.FAILED
    return "failed, as known" if is_known_failure else verdict.outcome.value


def outcome_with_reason(verdict: Verdict) -> str:
    """Return the outcome in words, and why it is no pass where nothing needs a look."""
    if needs_a_look(verdict) or not verdict.reasons:
        return label(verdict)
    return f"{label(verdict)}: {one_sentence(verdict)}"


def one_sentence(verdict: Verdict) -> str:
    """Return the first reasons on one line."""
    return on_one_line("; ".join(verdict.reasons[:_REASONS_ON_ONE_LINE]))


def purpose_and_reasons(verdict: Verdict) -> str:
    """Return on one line what a case tries, and what came of it."""
    purpose = purpose_beside_reasons(verdict)
    found = one_sentence(verdict)
    if not purpose or verdict.outcome not in _FOUND:
        return found
    return f"{purpose} {_FOUND[verdict.outcome]}: {found}" if found else purpose


def purpose_beside_reasons(verdict: Verdict) -> str:
    """Return what a case tries, or nothing where a reason says the same."""
    return "" if verdict.purpose in verdict.reasons else verdict.purpose


def lines_of(verdict: Verdict) -> Iterator[str]:
    """Yield all that is known of a case that did not pass, as lines of plain text."""
    if purpose := purpose_beside_reasons(verdict):
        yield purpose
    for reason in verdict.sentences or ("no reason is known",):
        yield f"- {reason}"
    if verdict.facts:
        yield f"Facts: {', '.join(verdict.facts)}"
    if verdict.folder is not None:
        yield f"To replay it: {replay_line(verdict.folder)}"


def replay_line(folder: str) -> str:
    """Return the command that tries a stored failure again."""
    return shlex.join(["qualtrics-contracts", "replay", folder])


def urgency(verdict: Verdict) -> int:
    """Return a number that is less the more a case needs a look."""
    return _URGENCY.index(verdict.outcome)


def _most_urgent(verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    if len(verdicts) <= MOST_CASES:
        return verdicts
    return tuple(sorted(verdicts, key=urgency)[:MOST_CASES])


def _shown_verdict(verdict: Verdict) -> Verdict:
    return replace(
        verdict,
        name=on_one_line(shown(verdict.name, LONGEST_NAME)) or "(no name)",
        reasons=tuple(_shown_reasons(verdict.reasons)),
        notes=tuple(map(shown, verdict.notes)),
        facts=tuple(on_one_line(shown(fact, _LONGEST_FACT)) for fact in verdict.facts),
        purpose=on_one_line(shown(verdict.purpose)),
        folder=None if verdict.folder is None else shown(verdict.folder),
        seconds=_shown_seconds(verdict.seconds),
    )


def _shown_seconds(seconds: float) -> float:
    """Return a duration that every format can say: none can say an infinite one, and dates end."""
    return min(max(0.0, seconds), _LONGEST_SECONDS) if math.isfinite(seconds) else 0.0


def _with_own_names(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Number names that are the same once they are masked and cut: GitLab drops a second one."""
    shown_ones = list(verdicts)
    names = own_names(verdict.name for verdict in shown_ones)
    return (replace(verdict, name=name) for verdict, name in zip(shown_ones, names, strict=True))


def _shown_reasons(reasons: tuple[str, ...]) -> Iterable[str]:
    yield from map(shown, reasons[:MOST_REASONS])
    if rest := len(reasons[MOST_REASONS:]):
        yield f"… and {rest:,} {'reason' if rest == 1 else 'reasons'} more"


def _known_as_skipped(verdict: Verdict) -> Verdict:
    if label(verdict) == verdict.outcome.value:
        return verdict
    known = ("listed as known to fail", *verdict.reasons)
    return replace(verdict, outcome=Outcome.SKIPPED, reasons=known)
