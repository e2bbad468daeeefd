"""The watch over one simulation, told by hand what happens; both files are real."""

import contextlib
import json
import sqlite3

import pytest

from simulation.invariants import Watch
from simulation.invariants.stored import ACTIVATED, IN_FLIGHT, PENDING, UNCERTAIN
from simulation.schedule import Schedule
from simulation.world import templates

BODY = json.dumps({"text": "a", "identityMap": {"Email": [{"id": "p1@example.com"}]}}).encode()
TOTALS = dict.fromkeys(
    ("received", "refused", "accepted", "extraRuns", "ignored", "succeeded", "failed"), 0
) | {"blocked": 0, "pending": 0}


class Stage:
    """A watch, and the outbox's file that it reads."""

    def __init__(self, folder) -> None:
        outbox, store = folder / "outbox.sqlite", folder / "store.db"
        outbox.write_bytes(templates.new_outbox())
        store.write_bytes(templates.new_store())
        self.outbox = sqlite3.connect(outbox, isolation_level=None)
        self.watch = Watch(Schedule(seed=1), outbox, store)
        self.watch.sender_started()

    def message(self, seq: int, state: int, attempts: int) -> None:
        names = "seq, run, trace_id, body, state, attempts"
        row = (seq, 1, f"t{seq}", BODY, state, attempts)
        self.outbox.execute("DELETE FROM messages WHERE seq = ?", (seq,))
        self.outbox.execute(f"INSERT INTO messages ({names}) VALUES (?, ?, ?, ?, ?, ?)", row)
        self.watch.sender_committed()

    @property
    def found(self) -> str:
        violation = self.watch.violation
        return "" if violation is None else violation.invariant

    def close(self) -> None:
        self.watch.close()
        self.outbox.close()


@pytest.fixture
def stage(tmp_path):
    with contextlib.closing(Stage(tmp_path)) as it:
        yield it


def test_a_sound_way_of_a_message_violates_nothing(stage):
    stage.message(1, IN_FLIGHT, 1)
    stage.watch.sent(0, "t1", 1)
    stage.watch.taken(8, "t1", accepted=False)
    stage.watch.mock_committed()
    stage.watch.answered(8, 503)
    stage.watch.ended("t1", 1, "answered", 503)
    stage.watch.sender_committed()
    assert stage.watch.stepped({**TOTALS, "received": 1, "refused": 1}) is None
    assert stage.watch.step == 1


def test_the_first_violation_is_kept_with_its_step(stage):
    stage.watch.stepped(TOTALS)
    stage.watch.sent(0, "t9", 1)
    assert stage.found == "marked before sent"
    stage.watch.stepped({**TOTALS, "received": 7})
    assert (stage.found, stage.watch.violation.step) == ("marked before sent", 1)


def test_a_call_that_is_not_marked_or_too_early_for_its_profile_is_found(stage):
    stage.message(1, PENDING, 0)
    stage.message(2, IN_FLIGHT, 1)
    stage.watch.sent(0, "t2", 1)
    assert stage.found == "order"


def test_a_message_that_is_sent_after_its_success_was_committed_is_found(stage):
    stage.message(1, IN_FLIGHT, 1)
    stage.watch.sent(0, "t1", 1)
    stage.watch.ended("t1", 1, "answered", 202)
    stage.message(2, ACTIVATED, 0)  # a commit
    stage.message(1, IN_FLIGHT, 2)
    stage.watch.sent(1, "t1", 2)
    assert stage.found == "executed once"


def test_a_message_that_is_sent_sooner_than_its_answer_asked_is_found(stage):
    stage.message(1, IN_FLIGHT, 1)
    stage.watch.sent(0, "t1", 1)
    stage.watch.ended("t1", 1, "answered", 503, not_before_us=9_000_000)
    stage.message(1, IN_FLIGHT, 2)
    stage.watch.sent(8_000_000, "t1", 2)
    assert stage.found == "retry after"


@pytest.mark.parametrize(("wait_us", "found"), [(1_000, "circuit"), (1_000_000, "")])
def test_a_destination_that_is_down_and_is_called_on_is_found(stage, wait_us, found):
    for seq in range(1, 11):
        stage.message(seq, IN_FLIGHT, 1)
        stage.watch.sent(seq, f"t{seq}", 1)
        stage.watch.ended(f"t{seq}", 1, "lost")
        stage.message(seq, UNCERTAIN, 1)
    stage.message(11, IN_FLIGHT, 1)
    stage.watch.sent(10 + wait_us, "t11", 1)
    assert stage.found == found


def test_a_call_that_is_admitted_with_an_old_token_is_found(stage):
    stage.watch.taken(8, "t1", accepted=True, is_trusted=False)
    assert stage.found == "credential"


def test_an_answer_before_the_commit_and_one_without_a_call_are_found(stage):
    stage.watch.answered(16, 500)
    assert stage.found == ""
    stage.watch.taken(8, "t1", accepted=True)
    stage.watch.answered(8, 202)
    assert stage.found == "answered is kept"


def test_an_answered_call_that_is_not_in_the_file_is_found_when_the_world_looks(stage):
    stage.watch.taken(8, "t1", accepted=True)
    stage.watch.mock_committed()
    stage.watch.answered(8, 202)
    assert stage.watch.look().invariant == "answered is kept"


def test_totals_and_reports_that_differ_are_found(stage):
    assert stage.watch.stepped({**TOTALS, "received": 1}).invariant == "totals balance"


def test_a_report_that_differs_from_the_outbox_is_found(stage):
    stage.outbox.execute("INSERT INTO runs (id, started_at) VALUES (1, 0)")
    stage.message(1, PENDING, 0)
    counts = {"activated": 0, "failed": 0, "uncertain": 0, "pending": 1}
    stage.watch.reported(counts)
    assert stage.found == ""
    stage.watch.reported({**counts, "pending": 0, "activated": 1})
    assert stage.found == "report"


def test_a_message_that_has_not_ended_at_the_end_is_found(stage):
    stage.message(1, PENDING, 0)
    assert stage.watch.finished().invariant == "all has ended"
