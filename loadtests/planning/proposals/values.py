"""What to do about a loss, as values: each was simulated, and so was its neighbour."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["batch", "limit", "schedule", "lossless"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """Nothing of this kind loses as little as was asked.

    Attributes:
        kind: of the proposal.
        loss_at_most: the share that may be lost.
        reason: why there is nothing, in a sentence without a full stop.
        best_loss_share: the least that any trial lost; None: not tried.
        best: what lost that, as the words of an option; "" for nothing.
        forecasts: how many were simulated.
    """

    kind: Kind
    loss_at_most: float
    reason: str
    best_loss_share: float | None = None
    best: str = ""
    forecasts: int = 0
    found: bool = False

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "find": self.kind,
            "found": False,
            "lossAtMost": self.loss_at_most,
            "reason": self.reason,
            "bestLossShare": self.best_loss_share,
            "best": self.best,
            "forecasts": self.forecasts,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What every proposal that was found has.

    Attributes:
        loss_at_most: the share that may be lost.
        loss_share: the share that is lost with it, as it was simulated, and as the goal counts.
        finished_at_seconds: when the export ends with it.
        forecasts: how many were simulated to find it.
        found: True.
    """

    loss_at_most: float
    loss_share: float
    finished_at_seconds: float
    forecasts: int
    found: bool = True

    def _mapping(self, kind: Kind, own: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "find": kind,
            "found": True,
            "lossAtMost": self.loss_at_most,
            **own,
            "lossShare": self.loss_share,
            "finishedAtSeconds": self.finished_at_seconds,
            "forecasts": self.forecasts,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProposal(Proposal):
    """The largest batch, and how the audience is divided into such batches.

    Attributes:
        profiles: of a batch.
        batches: how many there are.
        gap_seconds: from the start of a batch to that of the next one on the same day; 0.0 for a
            single batch.
        batches_per_day: how many the daily cap has room for.
        last_start_seconds: when the last one starts.
        one_more_loses: the share that a batch of one profile more loses; None: all fit in one.
        shorter_gap_loses: the share that is lost with the next shorter gap; None: there is none.
        start_dates: how many audiences with a start date each, one a day, it takes (A-EXP-6).
        exception: a smaller batch that loses more all the same; None: none was met.
    """

    kind: Kind = "batch"
    profiles: int
    batches: int
    gap_seconds: float
    batches_per_day: int
    last_start_seconds: float
    one_more_loses: float | None
    shorter_gap_loses: float | None
    start_dates: int
    exception: int | None = None

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        own = {
            "batchProfiles": self.profiles,
            "batches": self.batches,
            "gapSeconds": self.gap_seconds,
            "batchesPerDay": self.batches_per_day,
            "lastStartSeconds": self.last_start_seconds,
            "startDates": self.start_dates,
            "oneMoreLossShare": self.one_more_loses,
            "shorterGapLossShare": self.shorter_gap_loses,
            "exception": self.exception,
        }
        return self._mapping(self.kind, own)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitProposal(Proposal):
    """The smallest limit a minute.

    Attributes:
        limit_per_minute: the calls a minute.
        runs_per_day: the executions a day that it takes as well.
        raises_daily_cap: whether those are more than the plan has.
        one_less_loses: the share that is lost with one call a minute less; None: it is 1.
        exception: a greater limit that loses more all the same; None: none was met.
    """

    kind: Kind = "limit"
    limit_per_minute: int
    runs_per_day: int
    raises_daily_cap: bool
    one_less_loses: float | None
    exception: int | None = None

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        own = {
            "limitPerMinute": self.limit_per_minute,
            "runsPerDay": self.runs_per_day,
            "raisesDailyCap": self.raises_daily_cap,
            "oneLessLossShare": self.one_less_loses,
            "exception": self.exception,
        }
        return self._mapping(self.kind, own)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleProposal(Proposal):
    """The retries to ask Adobe's support for (A-RTRY-1).

    Attributes:
        retry_after: when each retry is due, in seconds since the first failure.
        is_present: whether it is the plan's own schedule.
        shorter_loses: the share that is lost with the next shorter schedule that was tried; None:
            there is none.
    """

    kind: Kind = "schedule"
    retry_after: tuple[float, ...]
    is_present: bool
    shorter_loses: float | None

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        own = {
            "retryAfter": list(self.retry_after),
            "isPresent": self.is_present,
            "shorterLossShare": self.shorter_loses,
        }
        return self._mapping(self.kind, own)


@dataclass(frozen=True, slots=True, kw_only=True)
class LosslessProposal(Proposal):
    """An export with a sender that loses nothing, in place of the destination.

    Attributes:
        delivered: messages delivered.
        duplicates: runs beyond a message's first, as a lost answer makes them.
        day: on which day it ends, counted from 1 (Q-LIM-4).
    """

    kind: Kind = "lossless"
    delivered: int
    duplicates: int
    day: int

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        own = {"delivered": self.delivered, "duplicates": self.duplicates, "day": self.day}
        return self._mapping(self.kind, own)


AnyProposal = BatchProposal | LimitProposal | ScheduleProposal | LosslessProposal | NotFound
