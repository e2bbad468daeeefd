"""No message waits longer because the clock was set back."""

from sender.outbox import Outbox
from sender.outbox.records import Failure, WorkDone
from support.stored_messages import filled, taken


def waiting(outbox, due_at=1030.0, first_failed_at=1000.0):
    """Store three messages of which the first waits for its next attempt."""
    run, stored = filled(outbox)
    outbox.messages.retry(taken(stored[0]), due_at, Failure(first_failed_at, False, "500", "down"))
    outbox.runs.note_work(run.id, WorkDone(1.0), 1000.0)


def first_failed(outbox):
    return outbox.messages.due(1e12, 1)[0].first_failed_at


def test_after_the_clock_was_set_back_a_message_waits_no_longer_than_before():
    outbox = Outbox()
    waiting(outbox)
    outbox.messages.follow_clock(400.0, 3600.0)
    assert (outbox.messages.next_due_at(), first_failed(outbox)) == (430.0, 400.0)
    outbox.messages.follow_clock(410.0, 3600.0)  # moved once only
    assert outbox.messages.next_due_at() == 430.0


def test_a_clock_that_goes_on_moves_nothing():
    outbox = Outbox()
    waiting(outbox)
    outbox.messages.follow_clock(1010.0, 3600.0)
    assert (outbox.messages.next_due_at(), first_failed(outbox)) == (1030.0, 1000.0)


def test_an_instant_that_no_policy_could_have_set_is_moved_into_its_reach():
    outbox = Outbox()
    waiting(outbox, due_at=3e8, first_failed_at=2e8)
    outbox.messages.follow_clock(1000.0, 60.0)
    assert (outbox.messages.next_due_at(), first_failed(outbox)) == (1060.0, 1000.0)
