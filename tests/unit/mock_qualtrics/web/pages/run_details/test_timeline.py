"""A run's steps, in order, with the time between."""

from typing import Any

from mock_qualtrics.web.pages.run_details.timeline import timeline

TIMES = [f"2026-01-01T00:0{minute}:00.000000Z" for minute in range(5)]


def a_task(name: str, attempts: int = 1, error: str | None = None, status: str = "Succeeded"):
    return {"name": name, "attempts": attempts, "error": error, "status": status}


def a_run(**changes: object) -> dict[str, Any]:
    run = {
        "receivedOn": TIMES[0],
        "startedOn": TIMES[1],
        "finishedOn": TIMES[2],
        "dueOn": None,
        "status": "Succeeded",
        "runNow": False,
        "tasks": [],
        "error": None,
    }
    return {**run, **changes}


def shown(run: dict[str, Any], answer: int | None = 202) -> list[tuple[str, str]]:
    return [(step.what, step.after) for step in timeline(run, answer)]


def test_a_run_with_one_try_has_its_tasks_where_it_started():
    tasks = [a_task("a"), a_task("b", 0, "skipped: why", "Skipped")]
    assert shown(a_run(tasks=tasks)) == [
        ("Received", ""),
        ("Admitted", "0 ms"),
        ("Queued", "0 ms"),
        ("Started", "1 min"),
        ("Task a, attempt 1", "0 ms"),
        ("Task b", "0 ms"),
        ("Succeeded", "1 min"),
    ]


def test_each_try_has_its_instant_and_counts_its_attempts():
    tries = [
        {"at": TIMES[1], "tasks": [{"name": "a", "error": "no"}, {"name": "b", "error": None}]},
        {"at": TIMES[3], "tasks": [{"name": "a", "error": "no"}]},
    ]
    waits = a_run(finishedOn=None, dueOn=TIMES[4], status="Pending", tries=tries)
    assert shown(waits)[3:] == [
        ("Started", "1 min"),
        ("Task a, attempt 1", "0 ms"),
        ("Task b, attempt 1", "0 ms"),
        ("Waits for its next try", "0 ms"),
        ("Task a, attempt 2", "2 min"),
        ("Next try due", "1 min"),
    ]
    kinds = [step.kind for step in timeline(waits, 202)][4:]
    assert kinds == ["Failed", "Succeeded", "Pending", "Failed", "Pending"]


def test_of_a_row_of_an_older_release_it_is_not_known_when_its_attempts_were():
    older = a_run(tasks=[a_task("a", 3, "no", "Failed")], status="Failed")
    unknown = timeline(older, 202)[4]
    assert (unknown.at, unknown.what, unknown.after) == (None, "Task a, 3 attempts", "")
    assert shown(older)[-1] == ("Failed", "1 min")


def test_a_blocked_run_ends_where_it_was_blocked():
    error = "the daily limit of 1 runs is reached"
    blocked = a_run(startedOn=None, finishedOn=TIMES[0], status="Failed", error=error)
    assert [what for what, _ in shown(blocked, None)] == ["Received", "Admitted", "Blocked"]
    assert timeline(blocked, None)[1].detail == "no answer was sent"


def test_a_run_that_run_now_started_was_neither_received_nor_admitted():
    waits = a_run(runNow=True, startedOn=None, finishedOn=None, dueOn=TIMES[1], status="Pending")
    assert [what for what, _ in shown(waits)] == ["Started by Run now", "Queued", "Due"]
