"""A load test's result, made up."""

import datetime as dt
from array import array
from typing import Any

from loadtests.measuring import Call, Measurements, Spans
from loadtests.planning import forecast
from loadtests.planning.against import compare
from loadtests.reconciling import JournalFacts, SeenCalls, balance
from loadtests.reconciling.journal_facts import Messages
from loadtests.reconciling.run_times import RunsOverTime
from loadtests.report import LoadResult, ShareOfRun
from loadtests.verdicts import Figures, Threshold, Verdict, VerdictKind, judged
from loadtests.workloads import Workload, plan_of

SECOND = 1_000_000
RUNS = {"succeeded": 3, "failed": 0, "blocked": 0, "pending": 0}


def measured() -> Measurements:
    """Return four messages, one a second: three are delivered, and one is dropped."""
    seen = Measurements(1.0)
    for number in range(4):
        at = number * SECOND
        status, ending = (429, "dropped") if number == 3 else (202, "delivered")
        seen.add(Call(number, 1, at, at + 1_000, at + 20_000, status, ending))
    return seen


def journal() -> JournalFacts:
    spans = Spans()
    spans.record(250_000)
    totals = {"received": 4, "refused": 1, "accepted": 3, "extraRuns": 0, "ignored": 0, **RUNS}
    return JournalFacts(
        totals=totals,
        refused_by={"rate-limit": 1},
        calls=4,
        calls_by_status={202: 3, 429: 1},
        accepted=3,
        other_calls=0,
        other_runs=0,
        calls_by_message=array("H", [1, 1, 1, 1]),
        accepted_by_message=array("H", [1, 1, 1, 0]),
        judged=Messages(due=4, lost=1, runs=RUNS),
        warm_up=Messages(runs=dict.fromkeys(RUNS, 0)),
        end_to_end=spans,
        runs_over_time=RunsOverTime(SECOND, [1, 1, 1], {"succeeded": [0, 2, 1]}),
        is_whole=True,
    )


def load_result(kind: VerdictKind = VerdictKind.MISSED, **changes: Any) -> LoadResult:  # noqa: ANN401  any field
    seen, facts = measured(), journal()
    workload = Workload(kind="backfill", profiles=4, arrival_rate=1.0)
    expected = forecast(plan_of(workload))
    thresholds = [Threshold.parse("p95_ms<250"), Threshold.parse("lost==0")]
    values: dict[str, Any] = {
        "verdict": Verdict(kind, ("lost==0: missed, found 1",)),
        "judged": judged(thresholds, Figures(seen.counted, facts)),
        "workload": workload,
        "settings": [("Target", "http://127.0.0.1:8084/…?***")],
        "command": "locust -f loadtests/locustfile.py --profiles 4",
        "begun_at": dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        "seconds": 3.5,
        "measured": seen,
        "journal": facts,
        "balance": balance(facts, SeenCalls.of(seen)),
        "forecast": expected,
        "comparison": compare(expected, {"accepted": 3, "received": 4}),
        "shares": (ShareOfRun(0, 4, 4, False),),
        "notes": ("a note of <this> run",),
    }
    return LoadResult(**values | changes)
