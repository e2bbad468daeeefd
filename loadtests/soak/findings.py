"""What a soak came to: what stayed flat, and that nothing was lost or left. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.counts import counted
from contracts.verdicts import Outcome, Verdict, Verdicts
from loadtests.soak.flatness import growth
from loadtests.soak.observed import Ending, Observed
from loadtests.soak.series import Series, series_of
from loadtests.soak.soak_plan import JUDGED_FROM_SECONDS
from loadtests.verdicts import VerdictKind

_TOO_SHORT: Final = f"too short to judge flatness: that takes {JUDGED_FROM_SECONDS:g} seconds"
_NO_VERDICT: Final = {VerdictKind.GENERATOR_LIMITED, VerdictKind.INTERRUPTED}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was judged.

    Attributes:
        name: what it is about.
        outcome: an error says nothing of the mock.
        found: what was found, in a sentence.
    """

    name: str
    outcome: Outcome
    found: str

    @property
    def verdict(self) -> Verdict:
        """The same as reports have it."""
        is_well = self.outcome is Outcome.PASSED
        return Verdict(self.name, self.outcome, () if is_well else (self.found,))


def findings(observed: Observed) -> tuple[Finding, ...]:
    """Judge a soak."""
    flat = (_flat(each, is_judged=observed.plan.is_long_enough) for each in series_of(observed))
    kept = (_nothing_lost(name, result) for name, result in observed.results.items())
    ended = _ended(observed.ending)
    return (*flat, *kept, _page(observed), *ended, _nothing_left(observed.left))


def verdicts_of(found: Iterable[Finding]) -> Verdicts:
    """Return findings as reports have them, with the exit code that they come to."""
    return Verdicts("the mock", tuple(each.verdict for each in found))


def _flat(series: Series, *, is_judged: bool) -> Finding:
    name = f"flat: {series.name}"
    if not is_judged:
        return Finding(name, Outcome.SKIPPED, _TOO_SHORT)
    grown = growth(series.values, series.allowance)
    if grown is None:
        return Finding(name, Outcome.ERROR, "it was not measured to the end")
    unit = f" {series.unit}".rstrip()
    found = (
        f"{grown.before:,.4g}{unit} in the middle third, {grown.after:,.4g} in the last; "
        f"{grown.allowed:,.3g} more allowed"
    )
    return Finding(name, _well(grown.is_flat), found)


def _nothing_lost(tenant: str, result: Mapping[str, Any] | None) -> Finding:
    name = f"nothing lost: {tenant}"
    if result is None:
        return Finding(name, Outcome.ERROR, "the load left no result: its log says why")
    kind = result["verdict"]
    if kind in _NO_VERDICT:
        return Finding(name, Outcome.ERROR, _sentence([kind, *result["reasons"]]))
    wrong = list(_wrong(result))
    if wrong:
        return Finding(name, Outcome.FAILED, _sentence(wrong))
    return Finding(name, Outcome.PASSED, _sentence(_counts(result)))


def _wrong(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a load's result, in words."""
    if result["verdict"] == VerdictKind.BROKEN:
        yield from ("broken", *result["reasons"])
    if not result["balance"]:
        yield "the mock's journal was not read"
    for line in result["balance"]:
        if line["holds"] is not True:
            yield f"{line['name']} do not agree {line['note']}".rstrip()
    if result["lost"]:
        yield f"{counted(result['lost'], 'message')} lost"


def _counts(result: Mapping[str, Any]) -> Iterator[str]:
    counts = result["counted"]
    yield f"{counts['messages']:,} messages in {counts['calls']:,} calls"
    for status, count in counts["byStatus"].items():
        yield f"{count:,} without an answer" if status == "0" else f"{count:,} answered {status}"
    yield from (f"{n:,} runs {name}" for name, n in result["journal"]["runs"].items() if n)


def _page(observed: Observed) -> Finding:
    """Judge whether the page went on to the last third: it is fetched whenever a run has ended.

    A busy mock lets the page wait for seconds: of a short soak it is asked whether it was at all.
    """
    third = len(observed.samples) // 3
    fetches = [sample.page_fetches for sample in observed.samples[-third:] if sample is not None]
    if not fetches:
        return Finding("the page stays open", Outcome.ERROR, "it was not looked at to the end")
    total, lately = fetches[-1], fetches[-1] - fetches[0]
    goes_on = lately if observed.plan.is_long_enough else total
    found = f"fetched {total:,} times, {lately:,} of them in the last third"
    return Finding("the page stays open", _well(goes_on), found)


def _ended(ending: Ending) -> Iterator[Finding]:
    answers = "it does" if ending.answered else "it does not"
    yield Finding("the mock answers at the end", _well(ending.answered), answers)
    in_order = f"exit code {ending.exit_code} after {ending.seconds:.1f} s"
    yield Finding("SIGTERM ends the mock in order", _well(not ending.exit_code), in_order)


def _nothing_left(left: tuple[str, ...]) -> Finding:
    found = f"still running: {', '.join(left)}" if left else "nothing"
    return Finding("no process is left", _well(not left), found)


def _well(is_well: object) -> Outcome:
    return Outcome.PASSED if is_well else Outcome.FAILED


def _sentence(parts: Iterable[str]) -> str:
    return ", ".join(parts)
