"""A forecast held against what a run really did: by how much each figure was off. Pure.

What a run did is a report of ``qualtrics-sender export --report``, the totals of a mock, or what
Adobe's own page of a dataflow run says, typed in under the same names (A-RPT-1).
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from loadtests.planning import judging
from loadtests.planning.comparison import Comparison, Figure
from loadtests.planning.outcome import Forecast

_ADOBES_CODE: Final = re.compile(r"ACTSVC-\d+-(\d{3})")
_NOT_ENDED: Final = ("Processing", "Interrupted")
_A_FEW: Final = 0.01
_RATES: Final = ("offeredRatePerSecond", "reachedRatePerSecond")
_SAID: Final = ("status", "policy", "pending", "profilesReceived", *_RATES)
"""What the notes are made of."""

MOST_COUNTED: Final = 10**15  # below it, the difference of two counts is exact as a float too

REPORTED: Final = (
    "profilesReceived",
    "identitiesActivated",
    "identitiesExcluded",
    "identitiesFailed",
    "activationRate",
    "processingTimeSeconds",
)
"""The figures of a report that are compared, as they are named in it."""

COUNTED: Final = ("received", "accepted", "refused", "blocked", "duplicates")
"""The figures of a mock's totals that are compared."""


class ReportError(ValueError):
    """What a run did cannot be compared; the text says what, where, and what was expected."""


def compare(forecast: Forecast, report: Any) -> Comparison:  # noqa: ANN401  what a file has
    """Hold a forecast against what a run did.

    Args:
        forecast: what was expected.
        report: a JSON object; names of a report (``identitiesActivated``) or of totals
            (``accepted``), as many of them as are known.

    Raises:
        ReportError: it is no such object, or a figure in it is no count.
    """
    if not isinstance(report, Mapping):
        raise ReportError(f"found {type(report).__name__}, expected an object of figures")
    names = frozenset(map(str, report))
    in_reports, in_totals = _names("report"), _names("totals")
    are_totals = bool(names & in_totals - in_reports) and not names & in_reports - in_totals
    _refuse_unknown(names, in_totals if are_totals else in_reports)
    figures = tuple(_of_totals(forecast, report) if are_totals else _of_report(forecast, report))
    if not figures:
        raise ReportError(
            f"has no figure to compare; expected some of {', '.join(REPORTED)}, or of a mock's "
            f"totals: {', '.join(COUNTED)}"
        )
    return Comparison(figures, tuple(_notes(forecast, report)))


@cache
def _names(schema_name: str) -> frozenset[str]:
    from contracts.validation import schema  # noqa: PLC0415  a forecast alone needs no schemas

    return frozenset(schema(schema_name)["properties"])


def _refuse_unknown(names: Iterable[str], known: frozenset[str]) -> None:
    for name in sorted(set(names) - known):
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"expected some of {', '.join(REPORTED)}"
        raise ReportError(f"{name}: no figure of a report or of totals is called so; {hint}")


def _of_report(forecast: Forecast, report: Mapping[str, Any]) -> Iterator[Figure]:
    excluded = sum(forecast.plan.excluded.values())
    received = forecast.messages + excluded
    expected = {
        "profilesReceived": received,
        "identitiesActivated": forecast.delivered,
        "identitiesExcluded": excluded,
        "identitiesFailed": forecast.dropped,
        "activationRate": (forecast.delivered + excluded) / received if received else 0.0,
        "processingTimeSeconds": forecast.finished_at_seconds,
    }
    for name in REPORTED:
        if report.get(name) is not None:
            yield Figure(name, expected[name], _judged(name, report[name]))
    messages = report.get("messages")
    if isinstance(messages, Mapping) and "uncertain" in messages:
        name = "messages.uncertain"
        yield Figure(name, forecast.uncertain, _judged(name, messages["uncertain"]))
    yield from _failed(forecast, report.get("failed", []))


def _failed(forecast: Forecast, failed: object) -> Iterator[Figure]:
    """Yield the failures of each HTTP status that stands in a code of Adobe's (A-ERR-1)."""
    if not isinstance(failed, list) or not all(isinstance(entry, Mapping) for entry in failed):
        raise ReportError('failed: expected a list of {"errorCode": text, "count": number}')
    actual: Counter[str] = Counter()
    for entry in failed:
        code = _ADOBES_CODE.search(f"{entry.get('adobeErrorCode')} {entry.get('errorCode')}")
        if code is not None:
            actual[code[1]] += _judged(f"failed, {code[0]}", entry.get("count"))
    for status in sorted(actual):
        yield Figure(f"failed.{status}", forecast.dropped_by_code.get(status, 0), actual[status])


def _of_totals(forecast: Forecast, totals: Mapping[str, Any]) -> Iterator[Figure]:
    accepted, refused = sum(forecast.timeline.accepted), sum(forecast.timeline.refused)
    expected = {
        "received": accepted + refused,
        "accepted": accepted,
        "refused": refused,
        "blocked": forecast.blocked_by_daily_cap,
        "duplicates": forecast.duplicates,
    }
    for name in COUNTED:
        if name in totals:
            yield Figure(name, expected[name], _judged(name, totals[name]))


def _judged(name: str, value: Any) -> Any:  # noqa: ANN401  what a file has
    """Return a figure, or what a note needs, once it is known to be of its kind.

    Raises:
        ReportError: it is none.
    """
    try:
        match name:
            case "activationRate":
                judging.check_share(name, value)
            case "processingTimeSeconds":
                judging.check_number(name, value, 0.0, judging.LONGEST_SECONDS, "seconds")
            case _ if name in _RATES:
                judging.check_number(name, value, 0.0, MOST_COUNTED, "a second")
            case "status" | "policy":
                judging.check_text(name, value)
            case _:
                judging.check_whole(name, value, 0, MOST_COUNTED)
    except judging.PlanError as error:
        raise ReportError(str(error)) from None
    return value


def _notes(forecast: Forecast, report: Mapping[str, Any]) -> Iterator[str]:
    """Yield why the forecast may be of something else than what was run."""
    plan = forecast.plan
    said = {
        name: _judged(name, value)
        for name, value in report.items()
        if name in _SAID and value is not None
    }
    if said.get("status") in _NOT_ENDED:
        yield f"the run has not ended ({said['status']}): what is pending is in no figure"
    if said.get("pending"):
        yield f"{said['pending']:,} runs were pending: ask for the totals again"
    if report.get("complete") is False:
        yield "the mock has dropped calls of its journal: its totals are still exact"
    policy = said.get("policy")
    if policy is not None and policy != plan.policy.name:
        yield f"the run had the policy {policy}, the forecast {plan.policy.name}: give --policy"
    rate = said.get("offeredRatePerSecond") or said.get("reachedRatePerSecond")
    if rate and abs(rate - plan.arrival_rate) > plan.arrival_rate * _A_FEW:
        yield (
            f"the run offered {judging.plain(rate)} messages a second, the forecast "
            f"{judging.plain(plan.arrival_rate)}: give --arrival-rate {judging.plain(rate)}"
        )
    yield from _other_profiles(forecast, report)


def _other_profiles(forecast: Forecast, report: Mapping[str, Any]) -> Iterator[str]:
    """Yield that the run was of another number of profiles, if it was."""
    excluded = sum(forecast.plan.excluded.values())
    received = report.get("profilesReceived")
    if received is not None:
        expected = forecast.messages + excluded
        if received != expected:
            yield f"the run was of {received:,} profiles, the forecast of {expected:,}"
        return
    if report.get("identitiesActivated") is None or report.get("identitiesFailed") is None:
        return
    named = ("identitiesActivated", "identitiesExcluded", "identitiesFailed")
    known = [report[name] for name in named if report.get(name) is not None]
    expected = forecast.messages + (excluded if len(known) == len(named) else 0)
    in_no_figure = forecast.uncertain + forecast.pending
    if abs(sum(known) - expected) > expected * _A_FEW + in_no_figure:
        yield (
            f"the run's figures add up to {sum(known):,} profiles, the forecast is of {expected:,}"
        )
