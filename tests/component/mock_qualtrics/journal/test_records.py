"""What the journal keeps of each call and run, what it counts, and who hears of it."""

import json

import pytest

from contracts.redaction import HIDDEN
from mock_qualtrics.engine import Engine
from mock_qualtrics.events.raw_json import RawJson, dumps
from mock_qualtrics.gate.header_redaction import LONGEST_HEADER_CHARACTERS, MOST_HEADERS
from mock_qualtrics.model import Call
from mock_qualtrics.settings import Settings


def test_every_call_is_kept_refused_ones_too(rehearsal):
    rehearsal.send(b'{"a": 1}', trace="t-1")
    rehearsal.send(b"no json")
    refused, accepted = rehearsal.requests()
    assert (accepted["status"], accepted["traceId"], accepted["reason"]) == (202, "t-1", None)
    assert (refused["status"], refused["reason"], refused["runId"]) == (400, "not-json", None)
    assert refused["bodyBytes"] == len(b"no json")
    assert rehearsal.engine.journal.run(accepted["runId"])["event"] == RawJson('{"a": 1}')


def test_a_credential_is_never_journalled(rehearsal):
    wrong = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
    headers = (("x-api-token", wrong), ("x-other", wrong), ("content-type", "application/json"))
    rehearsal.send(headers=headers)
    rehearsal.send(path=f"/{wrong}", headers=headers)
    kept = [*rehearsal.requests(), *rehearsal.engine.journal.requests_page(None).items]
    assert len(kept) == 2
    assert wrong not in json.dumps(kept)
    assert kept[0]["headers"]["x-api-token"] == "***"


def test_calls_that_name_no_tenant_are_kept_apart(rehearsal):
    rehearsal.send(query="urlTokenId=other", headers=(("content-type", "application/json"),))
    (row,) = rehearsal.engine.journal.requests_page(None).items
    assert (row["status"], row["reason"]) == (404, "unknown-trigger")
    assert rehearsal.totals()["received"] == 0


def test_what_no_store_takes_is_replaced(rehearsal):
    rehearsal.send(trace="t\0\udc80")
    rehearsal.send(path="/a\0b", headers=())
    assert rehearsal.requests()[0]["traceId"] == "t\ufffd?"
    assert rehearsal.engine.journal.requests_page(None).items[0]["path"] == "/a\ufffdb"


def test_a_repeated_header_is_shown_joined(rehearsal):
    call = rehearsal.call()
    rehearsal.engine.receive(
        rehearsal.call(headers=(*call.headers, ("accept", "a/b"), ("accept", "c/d")))
    )
    assert rehearsal.requests()[0]["headers"]["accept"] == "a/b, c/d"


def test_duplicates_are_counted_by_trace_id_or_else_by_body(rehearsal):
    rehearsal.send(b'{"n": 1}', trace="one")
    rehearsal.send(b'{"n": 2}', trace="one")
    rehearsal.send(b'{"n": 1}', trace="two")
    rehearsal.send(b'{"n": 1}')
    rehearsal.send(b'{"n": 1}')
    assert rehearsal.totals()["duplicates"] == 2


def test_numbers_of_any_size_come_back_as_they_came(rehearsal):
    digits = "9" * 5000
    body = f'{{"n": {digits}, "x": 1.10, "x": 1e400}}'
    rehearsal.send(body.encode())
    (run,) = rehearsal.runs()
    assert f'"event":{body}' in dumps({"runs": [run]})
    assert run["notes"] == ["the body gives a key more than once: the last one counts"]


def test_a_journal_with_very_many_digests_asks_the_store_for_each(rehearse, tmp_path, monkeypatch):
    monkeypatch.setattr("mock_qualtrics.journal.calls.seen_messages.MOST_LOADED_DIGESTS", 1)
    store = f"sqlite:///{tmp_path}/journal.db"
    before = rehearse(store=store)
    for number in range(3):
        before.send(b'{"n": %d}' % number)
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        for number in range(6):
            engine.receive(before.call(b'{"n": %d}' % number))
        assert engine.journal.totals(before.tenant.number)["duplicates"] == 3


def test_subscribers_hear_of_what_is_durable_and_of_failures_Q_WF_5(rehearse, caplog):  # noqa: N802
    rehearsal = rehearse({"tasks": [{"name": "Invite", "type": "email", "failFirst": 1}]})
    heard = []

    def fail(_news: object) -> None:
        raise ValueError("a subscriber's own trouble")

    rehearsal.engine.journal.subscribe(fail)
    unsubscribe = rehearsal.engine.journal.subscribe(heard.append)
    rehearsal.send()
    rehearsal.advance(1)
    assert [journal_changes.kind for journal_changes in heard] == ["call", "run"]
    (notification,) = heard[1].notifications
    assert notification["kind"] == "task-failed"
    assert notification["task"] == "Invite"
    assert rehearsal.runs()[0]["notifications"] == [notification]
    assert "a subscriber failed" in caplog.text
    unsubscribe()
    rehearsal.send()
    assert len(heard) == 2


LONG = "x" * 500_000


@pytest.mark.parametrize("path", ["/inbound-event/v1/events/json/triggers", "/elsewhere"])
@pytest.mark.parametrize(
    "headers", [(("user-agent", LONG),), ((LONG, "1"),), (("a", "1"),) * 50_000]
)
def test_of_a_head_however_long_little_is_journalled(path, headers):
    with Engine(Settings()) as engine:
        engine.receive(Call("POST", path, "", headers, b"{}"))
        (request,) = engine.journal.requests_page(None).items
    kept = len(json.dumps(request["headers"]))
    assert kept <= MOST_HEADERS * (LONGEST_HEADER_CHARACTERS + len(HIDDEN))
