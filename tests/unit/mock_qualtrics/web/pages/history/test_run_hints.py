"""The sentences that Run history shows."""

import pytest

from mock_qualtrics.web.pages.history.run_hints import hints

NOTHING = {
    "received": 0,
    "ignored": 0,
    "refused": 0,
    "refusedBy": {},
    "otherCalls": 0,
    "otherCallsBy": {},
}


def test_hints_say_everything_that_leaves_no_run_behind():
    totals = NOTHING | {"received": 9, "ignored": 2, "otherCalls": 1, "refused": 3}
    totals |= {"refusedBy": {"not-json": 1, "limit": 2}, "otherCallsBy": {"unknown-path": 1}}
    said = " ".join(hints("disabled", totals=totals, unattributed=1))
    for text in (
        "is disabled",
        "2 calls were ignored",
        "3 calls were refused: not JSON 1, limit 2",
        "1 call was to other paths: wrong path 1",
        "1 call named no workflow",
    ):
        assert text in said


def test_no_call_is_denied_that_has_come():
    no_call = "No call has come in yet."
    assert hints("active", totals=NOTHING, unattributed=0) == [no_call]
    assert hints("active", totals=NOTHING | {"received": 1}, unattributed=0) == []
    other = NOTHING | {"otherCalls": 1, "otherCallsBy": {"unknown-path": 1}}
    assert no_call not in hints("active", totals=other, unattributed=0)
    assert no_call not in hints("active", totals=NOTHING, unattributed=2)


@pytest.mark.parametrize(
    ("state", "said"),
    [("draft", "a draft"), ("published", "never enabled"), ("disabled", "is disabled")],
)
def test_a_workflow_whose_calls_start_nothing_says_why(state, said):
    (hint,) = hints(state, totals=NOTHING | {"received": 1}, unattributed=0)
    assert said in hint


def test_a_run_that_was_started_by_hand_is_no_call_to_another_path():
    one = NOTHING | {"otherCalls": 1, "otherCallsBy": {"run-now": 1}}
    two = NOTHING | {"otherCalls": 3, "otherCallsBy": {"run-now": 2, "unknown-path": 1}}
    started = "started by Run now, without a call of the trigger (Q-WF-7)."
    assert hints("active", totals=one, unattributed=0) == [f"1 run was {started}"]
    others = "1 call was to other paths: wrong path 1."
    assert hints("active", totals=two, unattributed=0) == [f"2 runs were {started}", others]
