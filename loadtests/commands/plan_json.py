"""A forecast as JSON, for programs. Pure."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from loadtests.commands.plan_results import Result, by_day, camel_case
from loadtests.planning.outcome import Band


def document(results: Sequence[Result], *, by_rate: bool) -> dict[str, Any]:
    """Return what ``--json`` prints.

    Args:
        results: one, or one for each arrival rate.
        by_rate: whether no arrival rate was given.
    """
    each = [mapping_of(result) for result in results]
    return {"byArrivalRate": each} if by_rate else each[0]


def mapping_of(result: Result) -> dict[str, Any]:
    """Return one forecast as a JSON object."""
    return {
        **_input(result),
        **_endings(result),
        **_times(result),
        **_again(result),
        "band": None if result.band is None else band_mapping(result.band),
        "proposal": _proposal(result),
        "against": None if result.comparison is None else result.comparison.to_mapping(),
        "assumptions": [each._asdict() for each in result.assumptions],
    }


def _proposal(result: Result) -> dict[str, Any]:
    """Return what ``--find`` has found; without it all proposals, by their kind."""
    if result.asked is not None:
        return result.asked.to_mapping()
    return {kind: proposal.to_mapping() for kind, proposal in result.proposals.items()}


def _input(result: Result) -> dict[str, Any]:
    plan = result.plan
    return {
        "profiles": result.reading.profiles,
        "broken": result.reading.broken,
        "excluded": sum(plan.excluded.values()),
        "excludedByReason": dict(plan.excluded),
        "oversized": len(plan.oversized),
        "messages": result.forecast.messages,
        "arrivalRate": plan.arrival_rate,
        "seed": plan.seed,
    }


def _endings(result: Result) -> dict[str, Any]:
    found = result.forecast
    return {
        "delivered": found.delivered,
        "deliveredByTry": list(found.delivered_by_try),
        "dropped": found.dropped,
        "droppedByCode": dict(found.dropped_by_code),
        "uncertain": found.uncertain,
        "pending": found.pending,
        "duplicates": found.duplicates,
        "blockedByDailyCap": found.blocked_by_daily_cap,
        "blockedByDay": by_day(found.blocked_by_day),
        "lost": found.lost,
        "lossShare": found.loss_share,
    }


def _times(result: Result) -> dict[str, Any]:
    found = result.forecast
    return {
        "firstDroppedAtSeconds": found.first_dropped_at_seconds,
        "lastDroppedAtSeconds": found.last_dropped_at_seconds,
        "finishedAtSeconds": found.finished_at_seconds,
        "minuteUsedShare": found.minute_used_share,
    }


def _again(result: Result) -> dict[str, Any]:
    """Return what restated values do, and what they would not do with the trigger off (A-EXP-1)."""
    found, off = result.forecast, result.trigger_off
    return {
        "peopleSurveyedAgain": found.people_surveyed_again,
        "triggerOff": None
        if off is None
        else {
            "messages": off.messages,
            "messagesSaved": found.messages - off.messages,
            "peopleSurveyedAgain": off.people_surveyed_again,
            "lost": off.lost,
            "finishedAtSeconds": off.finished_at_seconds,
        },
    }


def band_mapping(band: Band) -> dict[str, Any]:
    """Return a band as a JSON object: low, median and high are 5 %, 50 % and 95 % of the seeds."""
    figures = {camel_case(name): asdict(spread) for name, spread in band.figures.items()}
    return {"seeds": band.seeds, **figures}
