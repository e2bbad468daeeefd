"""A forecast held against what a run really did: by how much each figure was off. Pure.

What a run did is a report of ``qualtrics-sender export --report``, the totals of a mock, or what
Adobe's own page of a dataflow run says, typed in under the same names (A-RPT-1).
"""

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from loadtests.planning.outcome import Forecast

_ADOBES_CODE: Final = re.compile(r"ACTSVC-\d+-(\d{3})")
_NOT_ENDED: Final = ("Processing", "Interrupted")

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


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a forecast and of a run.

    Attributes:
        name: as the report has it.
        forecast: what was expected.
        actual: what the run did.

    Example:
        >>> Figure("identitiesFailed", forecast=100, actual=90).difference_share
        -0.1
    """

    name: str
    forecast: float
    actual: float

    @property
    def difference(self) -> float:
        """How much more the run had than was expected."""
        return self.actual - self.forecast

    @property
    def difference_share(self) -> float | None:
        """The same as a share of what was expected; None when that is 0."""
        return self.difference / self.forecast if self.forecast else None

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "name": self.name,
            "forecast": self.forecast,
            "actual": self.actual,
            "difference": self.difference,
            "differenceShare": self.difference_share,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """A forecast beside a run.

    Attributes:
        figures: those that the report has, in its order.
        notes: why the two may not be of the same export, a sentence each.
    """

    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether every count is as it was expected; how long a run took does not matter."""
        counts = (f for f in self.figures if f.name != "processingTimeSeconds")
        return all(figure.difference == 0 for figure in counts)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "equal": self.is_equal,
            "figures": [figure.to_mapping() for figure in self.figures],
            "notes": list(self.notes),
        }


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
            is_count = isinstance(expected[name], int)
            yield Figure(name, expected[name], _number(name, report[name], is_count=is_count))
    messages = report.get("messages")
    if isinstance(messages, Mapping) and "uncertain" in messages:
        name = "messages.uncertain"
        yield Figure(name, forecast.uncertain, _number(name, messages["uncertain"]))
    yield from _failed(forecast, report.get("failed", []))


def _failed(forecast: Forecast, failed: object) -> Iterator[Figure]:
    """Yield the failures of each HTTP status that stands in a code of Adobe's (A-ERR-1)."""
    if not isinstance(failed, list) or not all(isinstance(entry, Mapping) for entry in failed):
        raise ReportError('failed: expected a list of {"errorCode": text, "count": number}')
    actual: Counter[str] = Counter()
    for entry in failed:
        code = _ADOBES_CODE.search(f"{entry.get('adobeErrorCode')} {entry.get('errorCode')}")
        if code is not None:
            actual[code[1]] += int(_number(f"failed, {code[0]}", entry.get("count")))
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
            yield Figure(name, expected[name], _number(name, totals[name]))


def _number(name: str, value: object, *, is_count: bool = True) -> float:
    expected = "a whole number from 0 up" if is_count else "a number from 0 up"
    is_number = isinstance(value, int if is_count else int | float) and not isinstance(value, bool)
    if not is_number or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ReportError(f"{name}: found {value!r}, expected {expected}")
    return value


def _notes(forecast: Forecast, report: Mapping[str, Any]) -> Iterator[str]:
    """Yield why the forecast may be of something else than what was run."""
    plan = forecast.plan
    if report.get("status") in _NOT_ENDED:
        yield f"the run has not ended ({report['status']}): what is pending is in no figure"
    if report.get("pending"):
        yield f"{report['pending']:,} runs were pending: ask for the totals again"
    if report.get("complete") is False:
        yield "the mock has dropped calls of its journal: its totals are still exact"
    policy = report.get("policy")
    if policy is not None and policy != plan.policy.name:
        yield f"the run had the policy {policy}, the forecast {plan.policy.name}: give --policy"
    rate = report.get("offeredRatePerSecond") or report.get("reachedRatePerSecond")
    if isinstance(rate, int | float) and abs(rate - plan.arrival_rate) > plan.arrival_rate / 100:
        yield (
            f"the run offered {rate:,g} messages a second, the forecast {plan.arrival_rate:,g}: "
            f"give --arrival-rate {rate:g}"
        )
    received = report.get("profilesReceived")
    expected = forecast.messages + sum(plan.excluded.values())
    if isinstance(received, int) and received != expected:
        yield f"the run was of {received:,} profiles, the forecast of {expected:,}"
