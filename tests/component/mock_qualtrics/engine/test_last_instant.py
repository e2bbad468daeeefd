"""Runs that would be due after the year 9999, which no clock passes and RFC 3339 cannot express."""

import pytest

from mock_qualtrics.clock import LAST_INSTANT, SECOND
from mock_qualtrics.errors import ClockMustBeAdvancedError

LAST_DAY = {"startAt": "9999-12-31T00:00:00Z"}
TO_THE_END = (LAST_INSTANT - 253_402_214_400_000_000) / SECOND  # from the start of that day
YEARS = 316_224_000
SHOWN = "9999-12-31T23:59:59.999999Z"


@pytest.mark.parametrize(
    "delay",
    [
        {"kind": "fixed", "seconds": YEARS},
        {"kind": "uniform", "lowSeconds": YEARS, "highSeconds": YEARS},
        {"kind": "lognormal", "medianSeconds": YEARS, "p95Seconds": YEARS},
        {"kind": "queue", "workers": 1, "serviceSeconds": YEARS},
        {"kind": "measured", "seconds": [YEARS]},
    ],
)
def test_a_run_due_after_it_is_due_at_it(rehearse, delay):
    rehearsal = rehearse({"delay": delay}, LAST_DAY)
    rehearsal.send()
    rehearsal.send()
    with pytest.raises(ClockMustBeAdvancedError, match=f"due at {SHOWN}"):
        rehearsal.engine.wait(rehearsal.tenant.id, {"succeeded": 1}, 0)
    rehearsal.advance(TO_THE_END)
    assert [run["finishedOn"] for run in rehearsal.runs(status="Succeeded")] == [SHOWN] * 2


def test_tasks_are_tried_again_until_then_and_no_longer(rehearse):
    task = {"name": "T", "type": "record", "failProbability": 1}
    rehearsal = rehearse({"tasks": [task], "retryTasks": True}, LAST_DAY)
    rehearsal.advance(TO_THE_END - 30)
    rehearsal.send()
    rehearsal.advance(1)
    assert rehearsal.totals()["pending"] == 1
    rehearsal.advance(29)
    assert [run["finishedOn"] for run in rehearsal.runs(status="Failed")] == [SHOWN]


def test_a_queue_longer_than_64_bits_of_microseconds_stops_nothing(rehearse):
    rehearsal = rehearse({"delay": {"kind": "queue", "workers": 1, "serviceSeconds": YEARS}})
    rehearsal.send()
    workers = rehearsal.tenant.queues[rehearsal.workflow.number]
    for _ in range(30_000):
        workers.finish_at(0, YEARS * SECOND)
    assert workers.finish_at(0, 0) > 1 << 63
    rehearsal.send()
    assert rehearsal.totals()["pending"] == 2
