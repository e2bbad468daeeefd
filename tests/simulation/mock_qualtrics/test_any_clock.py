"""Virtual clocks that start anywhere in the calendar, and that move far at once."""

import pytest

from mock_qualtrics.clock import format_instant
from mock_qualtrics.engine import Engine
from mock_qualtrics.settings import Settings

AT_ONCE = {"kind": "fixed", "seconds": 0}
ONCE = {"name": "Once", "type": "record", "failFirst": 1}


@pytest.mark.parametrize("year", ["0001", "1969", "1970", "2400"])
def test_a_run_starts_when_its_clock_says_whatever_the_year(rehearse, year):
    settings = {"delay": AT_ONCE, "retryTasks": True, "tasks": [ONCE]}
    rehearsal = rehearse(settings, {"startAt": f"{year}-01-01T00:00:00Z"})
    rehearsal.send()
    rehearsal.advance(60)
    (run,) = rehearsal.runs()
    assert (run["status"], run["startedOn"], run["finishedOn"]) == (
        "Succeeded",
        f"{year}-01-01T00:00:00.000000Z",
        f"{year}-01-01T00:01:00.000000Z",
    )


@pytest.mark.parametrize("year", ["0001", "1969", "1970", "2400"])
def test_a_clock_stands_where_it_stood_after_a_restart_whatever_the_year(rehearse, tmp_path, year):
    store = f"sqlite:///{tmp_path}/journal.db"
    before = rehearse({}, {"startAt": f"{year}-01-01T00:00:00Z"}, store=store)
    before.send()
    before.advance(3_600)
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        now = engine.tenants.get(before.tenant.id).clock.now()
    assert format_instant(now) == f"{year}-01-01T01:00:00.000000Z"


@pytest.mark.parametrize("days", [31, 400])
def test_what_ran_and_grew_old_in_one_move_of_the_clock_is_gone_Q_RUN_3(rehearse, days):  # noqa: N802
    rehearsal = rehearse({"retryTasks": True, "tasks": [ONCE]})
    for _ in range(3):
        rehearsal.send()
    rehearsal.advance(86_400 * days)
    assert rehearsal.runs() == rehearsal.requests() == ()
    assert rehearsal.totals()["succeeded"] == 3
    assert rehearsal.totals()["complete"] is True
