"""What is read of the journal, and in how many questions."""

import pytest

from contracts.conformance import recording
from contracts.conformance.recording import (
    MISSING,
    Ending,
    Recording,
    Stopped,
    identity_of,
    read_recording,
)
from contracts.errors import IncompleteJournalError

ROW = {
    "receivedAt": "2026-01-01T00:00:00.000000Z",
    "method": "POST",
    "path": "/inbound-event/v1/events/json/triggers",
    "status": 202,
    "reason": None,
    "workflowId": "WF_1",
    "traceId": None,
    "headers": {"Content-Type": "application/json"},
    "bodyBytes": 20,
    "tokenIn": ["header"],
}


class Journal:
    """The answers of a mock, newest first."""

    def __init__(self, rows, runs=(), bodies=None, is_complete: bool = True) -> None:
        self.rows = [{**ROW, "requestId": request, "runId": run} for request, run in rows]
        self.all = list(runs)
        self.bodies = bodies or {}
        self.asked: list[str] = []
        self.is_complete = is_complete

    def totals(self, _: str):
        return {"complete": self.is_complete}

    def all_requests(self, _: str):
        return iter(self.rows)

    def all_runs(self, _: str, **__: object):
        return iter(self.all)

    def request(self, request_id: str):
        self.asked.append(request_id)
        return {"body": self.bodies[request_id], "runIds": []}


def read(journal: Journal) -> Recording:
    return read_recording(journal, "tenant-1", (), Ending(0))


def run(number: int, request_id: str, **more: object):
    event = {"n": number, "identityMap": {"Email": [{"id": "dave@example.com"}]}}
    return {"id": f"RUN_{number}", "requestId": request_id, "event": event, **more}


def test_accepted_calls_have_the_events_of_their_runs_and_need_no_question_each():
    journal = Journal([("b", "RUN_3"), ("a", "RUN_1")], [run(3, "b"), run(2, "a"), run(1, "a")])
    first, second = read(journal).calls
    assert (first.request_id, first.run_ids, first.body["n"]) == ("a", ("RUN_1", "RUN_2"), 1)
    assert (second.run_ids, second.headers) == (("RUN_3",), {"content-type": "application/json"})
    assert journal.asked == []
    assert len(read(journal).of("dave@example.com")) == 2


def test_a_body_of_which_the_run_has_a_note_is_read_as_it_came():
    journal = Journal(
        [("a", "RUN_1")], [run(1, "a", notes=["a key twice"])], {"a": '{"n": 1, "n": 2}'}
    )
    (call,) = read(journal).calls
    assert (call.text, call.run_ids) == ('{"n": 1, "n": 2}', ("RUN_1",))


def test_refused_calls_are_asked_for_one_by_one_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(recording, "MOST_BODY_BYTES", 45)
    bodies = {"a": '{"n": 1}', "b": "no JSON"}
    journal = Journal([("c", None), ("b", None), ("a", None)], bodies=bodies)
    calls = read(journal).calls
    assert [call.body for call in calls] == [{"n": 1}, MISSING, MISSING]
    assert [call.text for call in calls] == ['{"n": 1}', "no JSON", None]
    assert journal.asked == ["a", "b"]


def test_an_incomplete_journal_is_refused():
    with pytest.raises(IncompleteJournalError, match="tenant-1 is not complete"):
        read(Journal([], is_complete=False))


def test_a_message_is_known_by_its_e_mail_address_in_whatever_order_its_namespaces_are():
    email, ecid = {"Email": [{"id": "a@example.com"}]}, {"ECID": [{"id": "1"}]}
    for namespaces in ({**email, **ecid}, {**ecid, **email}):
        assert identity_of({"identityMap": namespaces}) == "a@example.com"
    for namespaces in ({**ecid, "Phone": [{"id": "2"}]}, {"Phone": [{"id": "2"}], **ecid}):
        assert identity_of({"identityMap": namespaces}) == "1"
    assert identity_of({"identityMap": {"Email": [], **ecid}}) == "1"
    assert identity_of({"identityMap": {}}) is None


def test_a_flood_of_which_no_call_is_read_has_calls_all_the_same():
    endings = [Ending(None, stopped=how) for how in (Stopped.TOO_MANY_CALLS, Stopped.TIME_IS_UP)]
    assert [Recording((), (), each).has_calls for each in endings] == [True, False]
