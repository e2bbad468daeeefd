"""Faults that break the connection."""

from typing import Any

import pytest

from mock_qualtrics.faults import ConnectionFault, Counts, FaultSet


@pytest.mark.parametrize(
    ("kind", "connection_fault"),
    [("hang", ConnectionFault.HANG), ("reset-before-read", ConnectionFault.RESET)],
)
def test_a_call_that_is_never_answered_starts_nothing(
    effect, kind: str, connection_fault: ConnectionFault
):
    done = effect({"kind": kind})
    assert done.refusal is not None
    assert done.refusal.reason == f"fault:{kind}"
    assert (done.unanswered, done.connection_fault) == (True, connection_fault)


def test_a_lost_answer_leaves_the_call_accepted(effect):
    done = effect({"kind": "reset-after-journal"})
    assert (done.refusal, done.unanswered, done.connection_fault) == (
        None,
        True,
        ConnectionFault.RESET,
    )


@pytest.mark.parametrize("kind", ["truncate", "dribble", "wrong-length"])
def test_a_broken_answer_leaves_the_call_accepted_and_answered(effect, kind: str):
    done = effect({"kind": kind})
    assert (done.refusal, done.unanswered, done.connection_fault) == (
        None,
        False,
        ConnectionFault(kind),
    )


@pytest.mark.parametrize(
    ("faults", "early"),
    [
        ([{"kind": "reset-before-read"}], True),
        ([{"kind": "latency", "seconds": 1}, {"kind": "reset-before-read"}], True),
        ([{"kind": "reset-before-read", "when": {"every": 2}}], False),
        ([{"kind": "reset-before-read", "when": {"path": "$"}}], False),
        ([{"kind": "status", "status": 500}, {"kind": "reset-before-read"}], False),
        (
            [
                {"kind": "status", "status": 500, "when": {"probability": 0.5}},
                {"kind": "reset-before-read"},
            ],
            False,
        ),
        ([{"kind": "hang"}], False),
        ([], False),
    ],
)
def test_a_reset_comes_before_the_body_where_nothing_about_the_body_decides(
    faults: list[dict[str, Any]], early: bool
):
    tenant_faults = FaultSet(seed=7)
    for fault in faults:
        tenant_faults.add({"when": {"every": 1}, **fault})
    assert tenant_faults.resets_before_body(Counts(), 0) is early
