"""A setup generated from draws: policies, limits, workflows, and exports of some profiles."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from simulation.schedule.draws import Draws
from simulation.schedule.rows import Export, Row
from simulation.schedule.setup import FIELD, TASK, Limits, Setup

FEWEST_MESSAGES = 50
HOUR_US = 3_600_000_000
PAYLOAD_BYTES = 1500  # small, so that a message over it is quickly made
TEXTS = ("a", "b", "c", "é", "日本", "~{aedj://text}", "")
DELAYS = (
    {"kind": "fixed", "seconds": 0},
    {"kind": "fixed", "seconds": 0.2},
    {"kind": "fixed", "seconds": 30},
    {"kind": "uniform", "lowSeconds": 0.1, "highSeconds": 20},
    {"kind": "lognormal", "medianSeconds": 1, "p95Seconds": 60},
)


def generated_setup(draws: Draws) -> Setup:
    """Return a setup whose rows ask for at least ``FEWEST_MESSAGES`` messages."""
    limits = _limits(draws)
    setup = _lossless(draws, limits) if draws.below(10) < 7 else _adobes(draws)
    return dataclasses.replace(
        setup,
        limits=limits,
        slots=draws.pick((1, 2, 4, 8)),
        window=draws.pick(("sliding", "sliding", "fixed")),
        latency_us=draws.pick((1_000, 20_000, 35_000, 250_000)),
        workflows=tuple(_workflow(draws, f"Survey {number}") for number in range(2)),
        exports=_exports(draws),
    )


def _limits(draws: Draws) -> Limits:
    return Limits(
        calls_per_minute=draws.pick((3000, 600, 60, 30)),
        payload_bytes=PAYLOAD_BYTES,
        runs_per_day=draws.pick((300_000, 300_000, 40)),
        window_seconds=draws.pick((60, 60, 60, 5)),
    )


def _lossless(draws: Draws, limits: Limits) -> Setup:
    pace = draws.pick((None, limits.calls_per_minute, limits.calls_per_minute, 120))
    return Setup(calls_per_minute=pace, calls_per_day=draws.pick((None, None, None, None, 45)))


def _adobes(draws: Draws) -> Setup:
    policy = draws.pick(("adobe-best-effort", "adobe-best-effort", "adobe-configurable"))
    own = ((15.0, 30.0), (1.0, 2.0, 4.0, 8.0), None)
    return Setup(
        policy=policy,
        retry_after=draws.pick(own) if policy == "adobe-best-effort" else None,
        offered_rate=draws.pick((None, 2.0, 20.0, 300.0)),
    )


def _workflow(draws: Draws, name: str) -> Mapping[str, Any]:
    workflow: dict[str, Any] = {"name": name, "delay": draws.pick(DELAYS)}
    if draws.one_in(3):
        workflow["fields"] = [FIELD]
        workflow["tasks"] = [_task(draws, number) for number in range(draws.between(1, 2))]
        workflow["retryTasks"] = draws.one_in(2)
        workflow["onTaskFailure"] = draws.pick(("continue", "stop"))
    if draws.one_in(6):
        workflow["conditions"] = {"all": [{"path": "$.text", "equals": "a"}]}
    return workflow


def _task(draws: Draws, number: int) -> Mapping[str, Any]:
    fails: dict[str, Any] = {}
    if draws.one_in(3):
        fails = {"failFirst": draws.between(1, 2)}
    elif draws.one_in(3):
        fails = {"failProbability": 0.3}
    return {**TASK, "name": f"Invite {number}", **fails}


def _exports(draws: Draws) -> tuple[Export, ...]:
    profiles = draws.between(18, 40)
    rows = [Row(profile=number, text=draws.pick(TEXTS)) for number in range(profiles)]
    more = [_changed(draws, draws.below(profiles)) for _ in range(draws.below(profiles))]
    exports = [Export(rows=_mixed(draws, rows, more))]
    while _messages(exports) < FEWEST_MESSAGES or draws.one_in(4):
        changes = [_changed(draws, draws.below(profiles)) for _ in range(draws.between(5, 25))]
        at_us = exports[-1].at_us + draws.pick((0, HOUR_US // 60, HOUR_US, 24 * HOUR_US))
        exports.append(Export(at_us=at_us, restated=draws.one_in(3), rows=tuple(changes)))
    return tuple(exports)


def _changed(draws: Draws, profile: int) -> Row:
    return Row(
        profile=profile,
        text=draws.pick(TEXTS),
        filler_bytes=PAYLOAD_BYTES if draws.one_in(25) else 0,
        realized=not draws.one_in(6),
        consents=not draws.one_in(8),
    )


def _mixed(draws: Draws, rows: list[Row], more: list[Row]) -> tuple[Row, ...]:
    """Put each change somewhere behind its profile's first row, often right behind it."""
    mixed = list(rows)
    for change in more:
        first = next(n for n, row in enumerate(mixed) if row.profile == change.profile)
        place = first + 1 if draws.one_in(2) else draws.between(first + 1, len(mixed))
        mixed.insert(place, change)
    return tuple(mixed)


def _messages(exports: list[Export]) -> int:
    return Setup(exports=tuple(exports)).messages()
