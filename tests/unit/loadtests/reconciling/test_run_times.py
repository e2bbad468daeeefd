import datetime as dt

import pytest

from loadtests.reconciling.run_times import RunTimes, outcome_of

BEGUN_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SECOND = 1_000_000


def test_a_message_was_due_by_the_clock_of_the_process_that_sent_it() -> None:
    times = RunTimes([0, 0, SECOND, SECOND], BEGUN_AT, SECOND, behind_us=(0, 300_000))
    for number, seconds in enumerate((0.5, 0.5, 1.5, 1.5)):
        at = (BEGUN_AT + dt.timedelta(seconds=seconds)).isoformat()
        run = {"receivedOn": at, "startedOn": at, "finishedOn": at, "status": "Succeeded"}
        times.add(number, run, outcome_of(run))
    assert sorted(times.end_to_end(0).counts) == pytest.approx([200_000, 500_000], rel=0.001)
