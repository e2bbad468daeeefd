"""What became of each message: an outbox held against calls and runs of a mock."""

import pytest

from sender.destination.received_calls import ReceivedCall
from sender.destination.reconciliation import Finding, Reconciliation, findings
from sender.outbox import schema as sql
from sender.outbox.records import Trace


def found(state: int, *calls: ReceivedCall, uncertain: int = 0) -> Finding:
    trace = Trace("t", state, 1, uncertain)
    return next(findings([trace], lambda trace_id: calls, lambda trace, calls: "d***@e***.com"))


def ran(outcome: str | None = None, call: str = "c", **more: object) -> ReceivedCall:
    return ReceivedCall(call, 202, None, f"RUN_{call}", outcome, **more)


def refused(reason: str, status: int | None = 404) -> ReceivedCall:
    return ReceivedCall("c", status, reason)


def test_a_message_that_arrived_once_and_whose_run_succeeded_is_well():
    finding = found(sql.ACTIVATED, ran())
    assert (finding.outcome, finding.is_well, finding.run_ids) == ("succeeded", True, ("RUN_c",))
    assert finding.identity is None, "a message that is well names nobody"


@pytest.mark.parametrize(
    ("calls", "outcome", "meaning"),
    [
        ([ReceivedCall("c", 202)], "ignored", "accepted, but ignored: the workflow is disabled"),
        ([ran("failed", error="task x failed")], "failed", "the run failed: task x failed"),
        ([ran("blocked", error="300,000")], "blocked", "the run was blocked: 300,000"),
        ([ran("pending")], "pending", "the run is pending"),
        ([ran(), ran()], "arrived-twice", "accepted once, ran 2 times (succeeded, succeeded)"),
    ],
)
def test_what_the_sender_activated_may_still_not_be_well(calls, outcome, meaning):
    finding = found(sql.ACTIVATED, *calls)
    assert (finding.outcome, finding.meaning, finding.is_well) == (outcome, meaning, False)
    assert finding.identity == "d***@e***.com"
    assert not finding.disagrees, "both sides know that it was accepted once"


@pytest.mark.parametrize(
    ("calls", "outcome", "meaning"),
    [
        ([], "never-arrived", "activated, but never accepted: no call came in"),
        ([ran("failed"), ran(call="d")], "arrived-twice", "accepted 2 times (succeeded, failed)"),
    ],
)
def test_what_was_activated_once_and_accepted_never_or_twice_is_a_disagreement(
    calls, outcome, meaning
):
    finding = found(sql.ACTIVATED, *calls)
    assert (finding.outcome, finding.meaning, finding.disagrees) == (outcome, meaning, True)


@pytest.mark.parametrize(
    ("state", "calls", "meaning"),
    [
        (sql.FAILED, [refused("workflow-draft")], "failed: refused with 404 (the workflow is a"),
        (sql.FAILED, [refused("workflow-disabled")], "refused with 404 (the workflow is disabled)"),
        (sql.FAILED, [refused("unknown-trigger")] * 3, "refused 3 times, last with 404 (no workf"),
        (sql.UNCERTAIN, [refused("rate-limit", None)], "refused without an answer (rate-limit)"),
        (sql.PENDING, [], "pending: no call came in"),
    ],
)
def test_what_never_arrived_is_told_with_how_it_was_refused(state, calls, meaning):
    finding = found(state, *calls)
    assert (finding.outcome, finding.disagrees, finding.is_well) == ("never-arrived", False, False)
    assert meaning in finding.meaning


@pytest.mark.parametrize("state", [sql.PENDING, sql.IN_FLIGHT, sql.FAILED, sql.UNCERTAIN])
def test_what_arrived_although_the_sender_does_not_know_it_is_a_disagreement(state):
    finding = found(state, ran(), uncertain=1)
    assert (finding.outcome, finding.disagrees, finding.is_well) == ("succeeded", True, False)
    assert finding.meaning == f"accepted, but {finding.state}"


def test_a_call_whose_answer_was_lost_counts_as_accepted_when_it_started_a_run():
    assert ReceivedCall("c", None, None, "RUN_1").accepted
    assert not ReceivedCall("c", 503, "not-stored").accepted


@pytest.mark.parametrize("calls", [[], [refused("wire-fault", 503)]])
def test_what_an_opt_out_withdrew_is_well_unless_it_arrived(calls):
    assert found(sql.WITHDRAWN, *calls).is_well
    assert not found(sql.WITHDRAWN, ran()).is_well


def test_messages_are_counted_by_outcome_and_what_is_left_over_is_foreign():
    result = Reconciliation(foreign=4)
    for finding in (
        found(sql.ACTIVATED, ran()),
        found(sql.ACTIVATED, ran(), ran(call="d")),
        found(sql.ACTIVATED),
        found(sql.FAILED),
    ):
        result.add(finding)
    counts = (result.messages, result.agreeing, result.disagreements, result.not_well)
    assert (*counts, result.foreign) == (4, 2, 2, 3, 1)
    assert result.outcomes == {"succeeded": 1, "arrived-twice": 1, "never-arrived": 2}


@pytest.mark.parametrize(
    ("known", "says"), [([], "knows none of the"), ([ran()], "knows not all of the")]
)
def test_a_mock_that_lacks_what_was_activated_may_have_been_reset(known, says):
    result = Reconciliation()
    for calls in (known, []):
        result.add(found(sql.ACTIVATED, *calls))
    assert says in result.hint()
    assert "was it reset since" in result.hint()


def test_a_mock_that_has_every_message_gets_no_hint():
    result = Reconciliation()
    result.add(found(sql.ACTIVATED, ran()))
    result.add(found(sql.FAILED))
    assert result.hint() is None
