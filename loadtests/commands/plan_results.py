"""What ``plan`` has computed of each plan, for the table, the JSON and the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from loadtests.planning import Band, Forecast, Plan, forecast, forecast_band
from loadtests.planning.assumptions import Assumption, assumptions_of, lossless
from loadtests.planning.comparison import Comparison
from loadtests.planning.forecasting import Engine
from loadtests.planning.judging import plain
from loadtests.planning.proposals import AnyProposal, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of the profiles.

    Attributes:
        profiles: all that are profiles, the excluded ones too.
        broken: rows that are not a profile.
        pending: messages that wait in the outbox.
        restates: whether the dataflow exports a value that is restated (A-EXP-1).
    """

    profiles: int
    broken: int = 0
    pending: int = 0
    restates: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The forecast of one plan, and what goes with it.

    Attributes:
        forecast: what the plan comes to with its seed.
        reading: what was read of the profiles.
        band: what it comes to over many seeds; None: one seed was asked for.
        trigger_off: what it comes to when restated values export nothing; None: none are restated.
        asked: what ``--find`` has found; None: it was not given.
        proposals: what to do about what is lost, where nothing was asked for.
        comparison: the forecast beside what a run did; None: no run was given.
    """

    forecast: Forecast
    reading: Reading
    band: Band | None = None
    trigger_off: Forecast | None = None
    asked: AnyProposal | None = None
    proposals: Mapping[Kind, AnyProposal] = field(default_factory=dict)
    comparison: Comparison | None = None

    @property
    def advice(self) -> list[AnyProposal]:
        """What to do about what is lost: what was asked for, or all proposals."""
        return list(self.proposals.values()) if self.asked is None else [self.asked]

    @property
    def assumptions(self) -> list[Assumption]:
        """What the forecast and the proposals rest on, each once."""
        found = list(assumptions_of(self.plan))
        proposed = self.proposals.get("lossless")
        return [*found, *lossless(self.plan)] if proposed is not None and proposed.found else found

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.forecast.plan

    @property
    def heading(self) -> str:
        """What heads the column of it: its arrival rate."""
        return f"{plain(self.plan.arrival_rate)} a second"

    def figure(self, name: str) -> float:
        """Return a figure of the forecast; of many seeds, its median."""
        if self.band is None:
            return getattr(self.forecast, name)  # type: ignore[no-any-return]
        return self.band.figures[name].median

    def band_in_words(self, name: str, shown: Callable[[float], str]) -> str:
        """Return between which numbers 90 % of the seeds have a figure; "" where it is one."""
        if self.band is None:
            return ""
        spread = self.band.figures[name]
        low, high = shown(spread.low), shown(spread.high)
        return "" if low == high else f"{low} to {high}"

    @property
    def judged_loss_share(self) -> float:
        """The share that is held against a threshold: of many seeds, that of the 95 % worst."""
        return (
            self.forecast.loss_share if self.band is None else self.band.figures["loss_share"].high
        )


def result_of(plan: Plan, reading: Reading, seeds: int, engine: Engine) -> Result:
    """Compute all that is said of a plan.

    Raises:
        PlanError: a value is impossible.
    """
    return Result(
        forecast=forecast(plan, engine),
        reading=reading,
        band=forecast_band(plan, seeds, engine) if seeds > 1 else None,
        trigger_off=forecast(without_restated(plan), engine) if plan.restated else None,
    )


def without_restated(plan: Plan) -> Plan:
    """Return the plan with the trigger "attribute changes" switched off (A-EXP-1)."""
    return replace(plan, days=1, restated_daily=0.0)


def camel_case(name: str) -> str:
    """Return a name as JSON has it.

    Example:
        >>> camel_case("blocked_by_daily_cap")
        'blockedByDailyCap'
    """
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


def by_day(counts: Mapping[int, int]) -> dict[str, int]:
    """Return counts by day as JSON: days are counted from 1.

    Example:
        >>> by_day({0: 5})
        {'1': 5}
    """
    return {str(day + 1): count for day, count in sorted(counts.items())}
