"""A schedule generated from a seed: at least 50 messages, 5 faults and a crash.

The first five faults and the first crash of a seed are taken in turn from all there are, so that
each comes often among any seeds that follow one another; more are drawn.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from simulation.schedule.draws import Draws
from simulation.schedule.happenings import (
    POINTS,
    SIDES,
    AnswersLost,
    ClockStepped,
    Crash,
    DiskFull,
    Happening,
    MockFault,
    NetworkSlow,
    OtherClient,
    Point,
    SenderStopped,
    Side,
    TokenReplaced,
    WorkflowEdited,
)
from simulation.schedule.model import Schedule
from simulation.schedule.setups import DELAYS, generated_setup

FAULTS_IN_TURN = 5
LATEST_CALL = 45  # a happening that waits for a later call might never come
MOST_COMMITS = 30
SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
BEGINNINGS_US = (0, 0, DAY_US - 20 * SECOND_US, DAY_US - 60 * SECOND_US, DAY_US // 2)
BUSY_SECONDS = 10
ROWS_AT_ONCE = (0, 3, 12)
Moment = Mapping[str, int]

_STATUSES = (500, 503, 504, 429, 429, 403, 408, 409, 502, 400, 413, 415, 401, 404)
_BUSY = frozenset({429, 503})  # with these a destination says when it takes calls again
_WHENS: tuple[Mapping[str, Any], ...] = (
    {"first": 1},
    {"first": 3},
    {"every": 2},
    {"probability": 0.5},
    {"between": [0, 5]},
    {"sinceFirstCall": [0, 2]},
    {"path": "$.text"},
)


def generate(seed: int) -> Schedule:
    """Return the schedule of a seed, the same with every version of Python."""
    draws = Draws(seed)
    setup = generated_setup(draws)
    makers = list(MAKERS.values())
    happenings = [
        makers[(seed * FAULTS_IN_TURN + number) % len(makers)](draws)
        for number in range(FAULTS_IN_TURN)
    ]
    happenings += [draws.pick(makers)(draws) for _ in range(draws.below(4))]
    happenings += [_crash(draws, *CRASHES[seed % len(CRASHES)])]
    happenings += [_crash(draws, *draws.pick(CRASHES)) for _ in range(draws.below(3))]
    exports = (
        dataclasses.replace(export, rows_at_once=draws.pick(ROWS_AT_ONCE))
        for export in setup.exports
    )
    setup = dataclasses.replace(setup, begins_us=draws.pick(BEGINNINGS_US), exports=tuple(exports))
    return Schedule(seed=seed, setup=setup, happenings=tuple(happenings))


def _moment(draws: Draws) -> dict[str, int]:
    then_us = draws.pick((0, 0, 0, 1, 10_000, 15 * SECOND_US)) + draws.below(1_000) * 1_000
    return {"after_calls": draws.below(LATEST_CALL), "then_us": then_us}


def _seconds(draws: Draws, low: int, high: int) -> int:
    return draws.between(low, high) * SECOND_US


def _mock_fault(kind: str) -> Callable[[Draws], Happening]:
    def make(draws: Draws) -> Happening:
        fault = {"kind": kind, "when": draws.pick(_WHENS), **_settings(kind, draws)}
        moment = {"after_calls": draws.below(LATEST_CALL), "then_us": draws.below(1_000)}
        return MockFault(**moment, fault=fault, lasts_us=_seconds(draws, 5, 60))

    return make


def _settings(kind: str, draws: Draws) -> Mapping[str, Any]:
    match kind:
        case "status":
            seconds = draws.between(0, 40) if draws.one_in(3) else None
            status = draws.pick(_STATUSES)
            return {"status": status, **_retry_after(status, seconds)}
        case "redirect":
            return {"location": "/elsewhere", "status": draws.pick((301, 302, 303, 307, 308))}
        case "latency":
            return {"seconds": draws.pick((0.1, 1, 3))}
        case "interim":
            return {"status": draws.pick((102, 103))}
        case "lower-limit":
            return {"callsPerMinute": draws.pick((0, 1, 5, 20))}
        case _:
            return {}


def _retry_after(status: int, seconds: int | None) -> Mapping[str, int]:
    seconds = BUSY_SECONDS if seconds is None and status in _BUSY else seconds
    return {} if seconds is None else {"retryAfterSeconds": seconds}


def _answers_lost(draws: Draws) -> Happening:
    return AnswersLost(**_moment(draws), answers=draws.between(1, 6))


def _network_slow(draws: Draws) -> Happening:
    delay_us = draws.pick((100_000, 900_000, 2_500_000))
    return NetworkSlow(**_moment(draws), delay_us=delay_us, lasts_us=_seconds(draws, 1, 20))


def _disk_full(side: Side) -> Callable[[Draws], Happening]:
    def make(draws: Draws) -> Happening:
        return DiskFull(**_moment(draws), side=side, lasts_us=_seconds(draws, 1, 10))

    return make


def _other_client(draws: Draws) -> Happening:
    return OtherClient(**_moment(draws), calls=draws.between(1, 20), workflow=draws.below(2))


def _clock_stepped(draws: Draws) -> Happening:
    by_us = draws.pick((1, -1)) * _seconds(draws, 1, 7_200)
    return ClockStepped(**_moment(draws), by_us=by_us)


def _token_replaced(draws: Draws) -> Happening:
    return TokenReplaced(**_moment(draws), noticed_after_us=_seconds(draws, 1, 60))


def _workflow_edited(draws: Draws) -> Happening:
    changes: tuple[Mapping[str, Any], ...] = (
        {"enabled": False},
        {"enabled": False},
        {"delay": draws.pick(DELAYS)},
        {"requireAuthentication": False},
        {"tasks": [], "retryTasks": False},
    )
    lasts_us = _seconds(draws, 1, 30)
    return WorkflowEdited(**_moment(draws), changes=draws.pick(changes), lasts_us=lasts_us)


def _sender_stopped(draws: Draws) -> Happening:
    return SenderStopped(**_moment(draws), pause_us=_seconds(draws, 0, 90))


def _crash(draws: Draws, side: Side, point: Point) -> Happening:
    nth, pause_us = draws.between(1, MOST_COMMITS), draws.pick((0, 1, 5, 70)) * SECOND_US
    return Crash(side=side, point=point, nth=nth, pause_us=pause_us)


MOCK_KINDS = (
    "status",
    "redirect",
    "latency",
    "interim",
    "hang",
    "reset-before-read",
    "reset-after-journal",
    "truncate",
    "not-json",
    "empty",
    "dribble",
    "wrong-length",
    "run-failed",
    "run-twice",
    "lower-limit",
)
CRASHES: tuple[tuple[Side, Point], ...] = tuple((side, point) for point in POINTS for side in SIDES)
MAKERS: Mapping[str, Callable[[Draws], Happening]] = {
    **{kind: _mock_fault(kind) for kind in MOCK_KINDS},
    "answers-lost": _answers_lost,
    "network-slow": _network_slow,
    "sender-disk-full": _disk_full("sender"),
    "mock-disk-full": _disk_full("mock"),
    "other-client": _other_client,
    "clock-stepped": _clock_stepped,
    "token-replaced": _token_replaced,
    "workflow-edited": _workflow_edited,
    "sender-stopped": _sender_stopped,
}
"""What makes each kind of fault, by the name under which it is counted."""
