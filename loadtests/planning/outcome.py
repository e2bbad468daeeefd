"""What a plan comes to: values only. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from loadtests.planning.plan import Plan

MOST_BINS = 1_000
LOW, MEDIAN, HIGH = 0.05, 0.5, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The calls over time: bin i counts from ``i * bin_seconds`` until the next one begins.

    Attributes:
        bin_seconds: how long a bin is; there are at most 1,000, as many as the export needs.
        arrivals: first tries.
        accepted: calls that the destination admitted, those among them whose answer was lost.
        refused: calls that it refused, for whatever reason.
        dropped: messages that were dropped for good, when the answer to their last call came.
    """

    bin_seconds: float
    arrivals: Sequence[int] = ()
    accepted: Sequence[int] = ()
    refused: Sequence[int] = ()
    dropped: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What becomes of the messages of a plan.

    Each message has one ending: ``messages == delivered + dropped + uncertain + pending``.

    Attributes:
        plan: what was asked.
        messages: messages of all days.
        delivered_by_try: messages for which a 2xx was seen, by the try that got it; 3 or more.
        dropped_by_code: messages that were dropped for good, by the code of their last answer.
        uncertain: messages whose last answer was lost, and which are not tried again.
        pending: messages that were not sent when a lossless export stopped, because the destination
            was down for a day.
        duplicates: runs that were executed beyond a message's first executed one.
        blocked_by_day: delivered messages of which the daily cap let no run be executed (Q-LIM-4),
            by the day of the call that was answered 2xx; day 0 is the first.
        first_dropped_at_seconds: when the first message was dropped; None: none was.
        last_dropped_at_seconds: when the last was.
        finished_at_seconds: when the last answer came.
        minute_used_share: accepted calls, by what the windows admit in which the export made calls:
            the windows that begin at multiples of their length, those of idle times left out.
        people_surveyed_again: people with an executed run in more than one day's export.
        timeline: the calls over time.
    """

    plan: Plan
    messages: int
    delivered_by_try: tuple[int, ...]
    dropped_by_code: Mapping[str, int] = field(default_factory=dict)
    uncertain: int = 0
    pending: int = 0
    duplicates: int = 0
    blocked_by_day: Mapping[int, int] = field(default_factory=dict)
    first_dropped_at_seconds: float | None = None
    last_dropped_at_seconds: float | None = None
    finished_at_seconds: float = 0.0
    minute_used_share: float = 0.0
    people_surveyed_again: int = 0
    timeline: Timeline = Timeline(bin_seconds=1.0)

    @property
    def delivered(self) -> int:
        """Messages for which a 2xx was seen, those that the daily cap blocked among them."""
        return sum(self.delivered_by_try)

    @property
    def dropped(self) -> int:
        """Messages that were dropped for good."""
        return sum(self.dropped_by_code.values())

    @property
    def blocked_by_daily_cap(self) -> int:
        """Delivered messages of which the daily cap let no run be executed (Q-LIM-4)."""
        return sum(self.blocked_by_day.values())

    @property
    def lost(self) -> int:
        """Messages that are not known to have started a run that was executed."""
        return self.messages - self.delivered + self.blocked_by_daily_cap

    @property
    def loss_share(self) -> float:
        """The same as a share of the messages; 0 when there is none."""
        return self.lost / self.messages if self.messages else 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over many seeds: nearest ranks at 5 %, 50 % and 95 %, and both ends.

    Example:
        >>> Spread.of([3, 1, 2])
        Spread(minimum=1, low=1, median=2, high=3, maximum=3)
    """

    minimum: float
    low: float
    median: float
    high: float
    maximum: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """Return the spread of values, of which there is at least one."""
        ranked = sorted(values)
        low, median, high = (_nearest_rank(ranked, share) for share in (LOW, MEDIAN, HIGH))
        return cls(ranked[0], low, median, high, ranked[-1])


FIGURES = (
    "delivered",
    "dropped",
    "uncertain",
    "duplicates",
    "blocked_by_daily_cap",
    "lost",
    "loss_share",
    "finished_at_seconds",
    "minute_used_share",
)
"""The figures of a forecast that a band has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What a plan comes to over many seeds.

    Attributes:
        plan: what was asked; its seed is the first.
        seeds: how many seeds there were: the plan's, and those that follow it.
        figures: a spread for each of :data:`FIGURES`.
    """

    plan: Plan
    seeds: int
    figures: Mapping[str, Spread]

    @classmethod
    def of(cls, plan: Plan, forecasts: Iterable[Forecast]) -> Self:
        """Return the band of forecasts, which may be made one after the other."""
        values: dict[str, list[float]] = {name: [] for name in FIGURES}
        for forecast in forecasts:
            for name, found in values.items():
                found.append(getattr(forecast, name))
        return cls.of_figures(plan, values)

    @classmethod
    def of_figures(cls, plan: Plan, values: Mapping[str, Sequence[float]]) -> Self:
        """Return the band of each figure's values, one for each seed."""
        seeds = max(len(found) for found in values.values())
        spreads = {name: Spread.of(found) for name, found in values.items()}
        return cls(plan=plan, seeds=seeds, figures=spreads)


def _nearest_rank(ranked: Sequence[float], share: float) -> float:
    return ranked[max(0, -int(-share * len(ranked) // 1) - 1)]


def bin_us(horizon_us: int) -> int:
    """Return how long a bin of the timeline is, so that so much time has at most 1,000.

    A whole number of seconds that people count in; a power of two of days beyond.

    Example:
        >>> bin_us(1_030_000_000) // 1_000_000
        2
    """
    for seconds in BIN_SECONDS:
        if horizon_us < MOST_BINS * seconds * 1_000_000:
            return seconds * 1_000_000
    seconds = BIN_SECONDS[-1]
    while horizon_us >= MOST_BINS * seconds * 1_000_000:
        seconds *= 2
    return seconds * 1_000_000


BIN_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400)
