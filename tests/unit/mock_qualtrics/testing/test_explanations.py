"""What a failing test is told: the nearest miss and the last journal rows."""

from typing import Any

import pytest

from mock_qualtrics.testing.explanations import (
    Awaited,
    describe,
    differences,
    last_rows,
    nearest_miss,
)


def row(number: int = 1, **changes: object) -> dict[str, Any]:
    return {
        "requestId": f"request-{number}",
        "receivedAt": "2026-01-01T00:00:00.000000Z",
        "method": "POST",
        "path": "/inbound-event/v1/events/json/triggers",
        "status": 200,
        "reason": None,
        "bodyBytes": 17,
        "traceId": None,
        **changes,
    }


DUE = "2026-01-01T00:00:01Z"


def run(number: int = 1, status: str = "Succeeded", **changes: object) -> dict[str, Any]:
    due = {"dueOn": DUE} if status == "Pending" else {}
    return {"requestId": f"request-{number}", "status": status, "event": {}, **due, **changes}


def test_without_any_call_the_url_is_suspected():
    assert "No call reached the mock" in nearest_miss([], [])


@pytest.mark.parametrize(
    ("reason", "hint"),
    [
        ("unknown-trigger", "qualtrics.trigger_url"),
        ("workflow-draft", "never enabled"),
        ("workflow-disabled", "is disabled"),
        ("no-credential", "carries no credential"),
        ("wrong-credential", "not this tenant's"),
        ("rate-limit", "used up"),
        ("not-json", "no JSON"),
        ("fault:status", "fault:status"),
    ],
)
def test_a_refused_call_is_explained_by_its_reason(reason: str, hint: str):
    assert hint in nearest_miss([row(status=400, reason=reason)], [])


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "disabled"),
        ([run(status="Pending")], "pending"),
        ([run(status="Failed", error="no firstName")], "no firstName"),
        ([run()], "Every call led to a run as awaited: 1."),
    ],
)
def test_an_accepted_call_is_explained_by_what_became_of_it(found: list[dict[str, Any]], said: str):
    assert said in nearest_miss([row()], found)


def test_a_token_in_the_url_is_pointed_at_where_a_credential_is_missing():
    said = nearest_miss([row(status=400, reason="no-credential", tokenIn=["query"])], [])
    assert "carries no credential" in said
    assert "the API token stood in the URL" in said


def test_the_call_that_came_furthest_is_the_closest():
    rows = [
        row(1, reason="not-json", traceId="far"),
        row(2, reason="no-credential", traceId="near"),
    ]
    said = nearest_miss(rows, [], unattributed=[row(3, reason="unknown-trigger")])
    assert "Closest of 3" in said
    assert "trace far" in said


def test_of_two_calls_that_came_as_far_the_later_one_is_shown():
    rows = [row(1, reason="not-json", traceId="old"), row(2, reason="not-json", traceId="new")]
    assert "trace new" in nearest_miss(rows, [])


def test_a_run_with_fewer_differences_is_closer_and_each_difference_has_its_path():
    rows = [row(1, traceId="two"), row(2, traceId="one")]
    runs = [run(1, event={"a": 0}), run(2, event={"a": 1, "b": {"c": 0}})]
    said = nearest_miss(rows, runs, awaited=Awaited(event={"a": 1, "b": {"c": 2}}))
    assert "trace one" in said
    assert "$.b.c: wanted 2, found 0" in said


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        (("Failed",), "Its run succeeded."),
        (("Pending",), "Its run succeeded."),
        (("Succeeded", "Failed"), "Every call led to a run as awaited: 1."),
    ],
)
def test_a_run_is_held_against_the_outcome_that_was_awaited(statuses: tuple[str, ...], said: str):
    assert said in nearest_miss([row()], [run()], awaited=Awaited(statuses))


def test_what_kept_the_others_back_is_counted():
    rows = [row(1), row(2), *(row(number, reason="rate-limit") for number in (3, 4)), row(5)]
    runs = [run(1, "Pending"), run(2), run(5, "Pending")]
    assert nearest_miss(rows, runs).splitlines()[1:] == [
        "Accepted; its run is still pending.",
        f"It is due at {DUE}; `wait_for_runs` waits until then.",
        "2 others: Refused: the minute's calls were used up.",
        "1 other: Accepted; its run is still pending.",
    ]


def test_the_last_five_rows_are_shown_oldest_first():
    rows = [row(number, traceId=f"t{number}") for number in range(8)]
    lines = last_rows(rows).splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == ["t3", "t4", "t5", "t6", "t7"]
    assert last_rows([]) == "none: no call came"


def test_an_unanswered_call_says_so():
    assert "-> unanswered" in describe(row(status=None, reason="fault:hang"))


def test_an_address_in_a_trace_id_or_a_difference_is_hidden():
    assert "dave@example.com" not in describe(row(traceId="dave@example.com"))
    assert "dave@example.com" not in str(differences({"a": 1}, {"a": "dave@example.com"}))


def test_what_a_value_has_beyond_what_is_wanted_does_not_count():
    assert differences({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}) == []
    assert differences({"a": 1}, {"a": True}) == ["$.a: wanted 1, found true"]
    assert differences({"a": 1}, {}) == ["$.a: wanted 1, found nothing"]
    assert differences({"a": 1}, []) == ['$: wanted {"a": 1}, found []']


def test_a_long_value_is_shortened():
    (line,) = differences({"a": 1}, {"a": "x" * 500})
    assert len(line) < 120


def test_what_others_chose_steers_no_terminal():
    hostile = "a\x1b[2J\u202e"
    (line,) = differences({"a": 1}, {"a": hostile})
    assert line.isprintable()
    assert r"a\u001b[2J\u202e" in line
