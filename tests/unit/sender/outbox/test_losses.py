"""Failed messages can be sent again."""

from sender.outbox import Outbox
from sender.outbox import schema as sql
from sender.outbox.records import Failure
from support.stored_messages import FAILURE, filled


def test_replay_makes_failures_of_one_code_pending_again():
    with Outbox() as outbox:
        run, messages = filled(outbox)
        with outbox.transaction():
            outbox.messages.end(messages[0], sql.FAILED, FAILURE)
            outbox.messages.end(
                messages[1], sql.FAILED, Failure(1.0, lost=False, error_code="413", description="")
            )
            assert outbox.losses.replay(run.id, "413") == 1
        assert [m.seq for m in outbox.messages.unsent(0, 3, 10)] == [2, 3], (
            "as if it had never been tried"
        )


def test_a_replay_counts_what_it_takes_over_from_earlier_runs():
    with Outbox() as outbox:
        _, messages = filled(outbox)
        with outbox.transaction():
            outbox.messages.end(messages[0], sql.FAILED, FAILURE)
            outbox.messages.activate([messages[1].seq, messages[2].seq])
        second = outbox.runs.begin(2.0, None)
        with outbox.transaction():
            assert outbox.losses.replay(second.id, "413") == 0
            assert outbox.losses.replay(second.id, None) == 1
        assert (second.taken_over, outbox.runs.last().taken_over) == (0, 1)
