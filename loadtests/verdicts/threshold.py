"""One threshold, as it is typed: a metric, a comparison and a limit."""

import difflib
import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
PLAIN_METRICS: Final = (
    "max_ms",
    "error_ratio",
    "accepted_per_second",
    "runs_succeeded_ratio",
    "lost",
    "duplicates",
)
_NEEDS_JOURNAL: Final = ("runs_succeeded_ratio", "duplicates")
_PERCENTILE_METRIC: Final = re.compile(r"(end_to_end_)?p(\d{1,2}(?:\.\d{1,4})?|100)_(ms|seconds)")
_PARTS: Final = re.compile(r"\s*([\w.]+)\s*(<=|>=|==|=|<|>)\s*(\S+?)\s*")
_SHAPE: Final = "expected a metric, one of < <= > >= ==, and a number, as in p95_ms<250"
_COMMON: Final = ("p50_ms", "p95_ms", "p99_ms", *PLAIN_METRICS, "end_to_end_p95_seconds")


class ThresholdError(ValueError):
    """A threshold cannot be read; the text says which, what was found, and what was expected."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a run is to keep to.

    Attributes:
        metric: ``p95_ms`` (any percentile), ``max_ms``, ``error_ratio``, ``accepted_per_second``,
            ``runs_succeeded_ratio``, ``end_to_end_p95_seconds`` (any percentile), ``lost`` or
            ``duplicates``.
        comparison: one of ``COMPARISONS``.
        limit: the number that it is compared with.

    Example:
        >>> Threshold.parse("p95_ms < 250")
        Threshold(metric='p95_ms', comparison='<', limit=250.0)
    """

    metric: str
    comparison: str
    limit: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the threshold that was typed.

        Raises:
            ThresholdError: it is none.
        """
        parts = _PARTS.fullmatch(text)
        if parts is None:
            raise ThresholdError(f"--threshold: found {text!r}, {_SHAPE}")
        metric, comparison, limit = parts.groups()
        _check_metric(metric, text)
        number = _share(limit, text) if metric.endswith("_ratio") else _number(limit, text)
        return cls(metric, "==" if comparison == "=" else comparison, number)

    @property
    def text(self) -> str:
        """The threshold as it can be typed again."""
        return f"{self.metric}{self.comparison}{self.limit:.15g}"

    @property
    def percentile(self) -> float | None:
        """The percentile that the metric is about; None: it is about none."""
        found = _PERCENTILE_METRIC.fullmatch(self.metric)
        return float(found[2]) if found else None

    @property
    def is_end_to_end(self) -> bool:
        """Whether it is about the time from a call to the end of its run."""
        return self.metric.startswith("end_to_end_")

    @property
    def needs_journal(self) -> bool:
        """Whether only the journal of a mock can tell."""
        return self.is_end_to_end or self.metric in _NEEDS_JOURNAL

    def is_met(self, found: float) -> bool:
        """Return whether a figure keeps to it."""
        return COMPARISONS[self.comparison](found, self.limit)


def _check_metric(metric: str, text: str) -> None:
    found = _PERCENTILE_METRIC.fullmatch(metric)
    if metric in PLAIN_METRICS or (found and _fits_its_unit(found) and float(found[2]) > 0.0):
        return
    close = difflib.get_close_matches(metric, _COMMON, n=1, cutoff=0.4)
    hint = f"; did you mean {close[0]}?" if close else ""
    raise ThresholdError(
        f"--threshold {text}: found the metric {metric!r}, expected p95_ms (any percentile), "
        f"{', '.join(PLAIN_METRICS)} or end_to_end_p95_seconds (any percentile){hint}"
    )


def _fits_its_unit(found: re.Match[str]) -> bool:
    """Return whether a call is measured in milliseconds, and what runs take in seconds."""
    return (found[3] == "seconds") == bool(found[1])


def _number(limit: str, text: str) -> float:
    try:
        number = float(limit)
    except ValueError:
        raise ThresholdError(f"--threshold {text}: found {limit!r}, expected a number") from None
    if not math.isfinite(number) or number < 0.0:
        raise ThresholdError(f"--threshold {text}: found {limit!r}, expected a number from 0 on")
    return number


def _share(limit: str, text: str) -> float:
    number = _number(limit.removesuffix("%"), text)
    share = number / 100 if limit.endswith("%") else number
    if share > 1.0:
        raise ThresholdError(
            f"--threshold {text}: found {limit!r}, expected a ratio, 0 to 1, or 0% to 100%"
        )
    return share
