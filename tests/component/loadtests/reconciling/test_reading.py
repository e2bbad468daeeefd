"""A small load test, held against the journal of the mock that it was sent to."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from loadtests.reconciling.balance import BalanceLine
from mock_qualtrics.testing import Qualtrics
from support.small_load import SmallLoad

pytestmark = pytest.mark.qualtrics(clock="real")

LoadOf = Callable[..., SmallLoad]


@pytest.fixture
def load_of(qualtrics: Qualtrics) -> Iterator[LoadOf]:
    """Make load tests of the test's own tenant."""
    headers = {"X-API-TOKEN": qualtrics.api_token}
    with ExitStack() as stack:
        yield lambda *given, **named: stack.enter_context(
            SmallLoad(qualtrics.trigger_url, headers, *given, **named)
        )


def line(load: SmallLoad, name: str, **changes: int) -> BalanceLine:
    return next(each for each in load.balance(load.facts(**changes)) if each.name == name)


def test_what_was_sent_is_in_the_journal_once_and_every_line_holds(load_of):
    load = load_of(5)
    load.send(*range(5))
    load.settle(succeeded=5)
    facts = load.facts()
    assert (facts.calls, facts.accepted, facts.calls_by_status) == (5, 5, {202: 5})
    assert (facts.judged.due, facts.lost, facts.duplicates) == (5, 0, 0)
    assert facts.runs == {"succeeded": 5, "failed": 0, "blocked": 0, "pending": 0}
    assert facts.runs_succeeded_ratio == 1.0
    assert facts.notes == ()
    lines = load.balance(facts)
    assert [each.name for each in lines if each.holds is not True] == []
    assert [each.name for each in lines] == [
        "calls of the tenant",
        "accepted calls and their runs",
        "calls in the journal",
        "calls of this run",
        "answers 202",
        "messages",
        "runs",
    ]


def test_a_run_takes_from_when_its_message_was_due_until_it_has_ended(load_of):
    load = load_of(3)
    load.send(0, 1, 2)
    load.settle(succeeded=3)
    facts = load.facts()
    assert facts.end_to_end.total == 3
    assert facts.end_to_end.percentile_us(100) > 200_000, "the default delay is 0.2 s"
    over_time = facts.runs_over_time
    assert sum(over_time.begun) == sum(over_time.ended["succeeded"]) == 3
    assert over_time.pending[-1] == 0


def test_calls_of_others_are_told_apart_and_so_are_those_of_an_earlier_run(load_of):
    earlier = load_of(4, "earlier")
    earlier.send(*range(4))
    load, other = load_of(3), load_of(2, "other")
    load.send(0)
    other.send(0, 1)
    load.send(1, 2)
    load.settle(succeeded=9)
    facts = load.facts()
    assert (facts.calls, facts.other_calls, facts.other_runs) == (3, 2, 2)
    assert facts.totals["received"] == 5
    of_others = line(load, "calls in the journal")
    assert (of_others.holds, of_others.right) == (True, (("of this run", 3), ("of others", 2)))
    assert "others call the same tenant" in of_others.note


def test_a_call_of_another_while_the_journal_is_read_is_no_part_of_the_run(load_of, monkeypatch):
    load, other = load_of(2), load_of(2, "other")
    control = load.mock.control
    totals = control.totals
    load.send(0)
    other.send(0)
    load.send(1)
    monkeypatch.setattr(control, "totals", lambda tenant: (totals(tenant), other.send(1))[0])
    facts = load.facts()
    assert (facts.calls, facts.other_calls, facts.totals["received"]) == (2, 1, 3)
    assert next(each for each in load.balance(facts) if each.name == "calls in the journal").holds


def test_a_refused_message_is_lost_and_one_that_comes_through_later_is_not(load_of, qualtrics):
    qualtrics.faults.add("status", when={"first": 2}, status=500)
    load = load_of(3)
    load.send(0, 1, 2)
    load.send(0)
    load.settle(succeeded=2)
    facts = load.facts()
    assert facts.calls_by_status == {202: 2, 500: 2}
    assert list(facts.calls_by_message) == [2, 1, 1]
    assert list(facts.accepted_by_message) == [1, 0, 1]
    assert (facts.lost, facts.judged.never_seen) == (1, 0)
    assert facts.calls_of_worker(0, 2) == 3
    assert sum(facts.refused_by.values()) == 2
    assert all(each.holds for each in load.balance(facts))


def test_a_run_twice_is_a_duplicate_and_an_extra_run(load_of, qualtrics):
    qualtrics.faults.add("run-twice", when={"first": 1})
    load = load_of(2)
    load.send(0, 1)
    load.settle(succeeded=3)
    facts = load.facts()
    assert (facts.duplicates, facts.totals["extraRuns"], facts.lost) == (1, 1, 0)
    assert all(each.holds for each in load.balance(facts))


def test_a_lost_answer_is_known_to_have_arrived(load_of, qualtrics):
    qualtrics.faults.add("reset-after-journal", when={"first": 1})
    load = load_of(2)
    load.send(0, ending="uncertain")
    load.send(1)
    load.settle(succeeded=2)
    facts = load.facts()
    assert (facts.lost, facts.calls_by_status) == (0, {0: 1, 202: 1})
    lines = {each.name: each for each in load.balance(facts)}
    assert all(each.holds for each in lines.values())
    assert lines["messages"].left[1] == ("accepted, but the answer was lost", 1)
    assert lines["calls of this run"].note == (
        "1 call without an answer: 1 arrived and was left unanswered by a fault"
    )


def test_an_answer_that_is_cut_off_is_lost_and_its_message_is_not(load_of, qualtrics):
    qualtrics.faults.add("truncate", when={"first": 1})
    load = load_of(1)
    load.send(0, ending="uncertain")
    load.settle(succeeded=1)
    facts = load.facts()
    assert "the answer was lost" in line(load, "messages").left[1][0]
    assert facts.lost == 0


def test_failed_runs_are_no_loss(load_of, qualtrics):
    qualtrics.faults.add("run-failed", when={"first": 1})
    load = load_of(4)
    load.send(*range(4))
    load.settle(succeeded=3, failed=1)
    facts = load.facts()
    assert (facts.runs["failed"], facts.runs_succeeded_ratio, facts.lost) == (1, 0.75, 0)
    assert all(each.holds for each in load.balance(facts))


@pytest.mark.qualtrics(clock="real", limits={"runsPerDay": 2})
def test_runs_that_the_daily_cap_blocks_are_accepted_and_not_executed(load_of):
    load = load_of(3)
    load.send(0, 1, 2)
    load.settle(succeeded=2, blocked=1)
    facts = load.facts()
    assert (facts.runs["blocked"], facts.executed, facts.duplicates, facts.lost) == (1, 2, 0, 0)
    assert facts.runs_over_time.pending[-1] == 0
    assert all(each.holds for each in load.balance(facts))


@pytest.mark.qualtrics(clock="real", workflow={"draft": True})
def test_to_a_draft_every_message_is_lost(load_of):
    load = load_of(2)
    load.send(0, 1, ending="dropped")
    facts = load.facts()
    assert (facts.lost, facts.accepted, facts.calls_by_status) == (2, 0, {404: 2})
    assert facts.refused_by == {"workflow-draft": 2}
    assert facts.runs_succeeded_ratio is None
    assert all(each.holds for each in load.balance(facts))


def test_what_a_disabled_workflow_ignores_is_accepted(load_of, qualtrics):
    mock = load_of(1).mock
    mock.control.change_tenant(mock.tenant_id, {"assumptions": {"disabledStatus": 202}})
    mock.control.disable_workflow(mock.workflow_id)
    load = load_of(2, "ignored")
    load.send(0, 1)
    facts = load.facts()
    assert (facts.totals["ignored"], facts.accepted, facts.lost) == (2, 2, 0)
    assert all(each.holds for each in load.balance(facts))


def test_messages_of_the_warm_up_are_counted_apart(load_of, qualtrics):
    qualtrics.faults.add("status", when={"first": 1}, status=500)
    qualtrics.faults.add("run-twice", when={"first": 2})
    load = load_of(5, warm_up=2)
    load.send(0, ending="dropped")
    load.send(1, 2, 3, 4)
    load.settle(succeeded=5)
    facts = load.facts()
    assert (facts.warm_up.due, facts.warm_up.lost, facts.warm_up.duplicates) == (2, 1, 1)
    assert (facts.judged.due, facts.judged.lost, facts.judged.duplicates) == (3, 0, 0)
    assert sum(facts.judged.runs.values()) == facts.end_to_end.total == 3
    assert all(each.holds for each in load.balance(facts))


@pytest.mark.parametrize(
    ("sent", "due", "lost"),
    [(None, 1_000, 997), ((4,), 4, 1), ((3, 1), 4, 2), ((2, 0, 2), 4, 1), ((0, 0), 0, 0)],
)
def test_what_was_not_sent_when_the_run_was_ended_is_not_lost(load_of, sent, due, lost):
    load = load_of(1_000)
    load.send(0, 2, 3)
    facts = load.facts(sent=sent)
    assert (facts.judged.due, facts.lost, facts.judged.never_seen) == (due, lost, lost)


def test_a_journal_of_more_calls_than_are_read_tells_so_and_judges_no_line(load_of):
    load = load_of(4)
    load.send(*range(4))
    load.settle(succeeded=4)
    facts = load.facts(most_rows=3)
    assert not facts.is_whole
    assert "more calls than the 3 newest" in facts.notes[0]
    assert "more runs than the 3 newest" in facts.notes[1]
    assert [each.holds for each in load.balance(facts)] == [True, True, *[None] * 4, None]


@pytest.mark.qualtrics(clock="virtual")
def test_of_a_clock_that_is_not_real_no_time_is_told(load_of, qualtrics):
    load = load_of(2)
    load.send(0, 1)
    qualtrics.clock.advance(seconds=1)
    facts = load.facts()
    assert (facts.runs["succeeded"], facts.end_to_end, facts.runs_over_time) == (2, None, None)
    assert facts.notes == ("the tenant's clock is virtual: when its runs ended says nothing here",)


def test_a_mock_that_was_reset_meanwhile_is_told(load_of, qualtrics):
    load = load_of(2)
    load.send(0)
    load_after = load_of(2, "after")
    qualtrics.reset()
    facts = load_after.facts()
    assert "reset during the run" in facts.notes[0]
