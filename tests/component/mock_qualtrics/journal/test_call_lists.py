"""Lists of calls by filter: which calls they have, and how a search goes on from page to page."""

import json

import pytest

from mock_qualtrics.errors import BadCursorError
from mock_qualtrics.journal import IGNORED, CallFilter
from mock_qualtrics.journal.calls import call_queries


def event(*identities: str) -> bytes:
    return json.dumps({"identityMap": {"Email": [{"id": one} for one in identities]}}).encode()


def traces(rehearsal, limit: int = 50, **wanted: object) -> list[str]:
    """Read a list to its end; return the trace ids, and fail when a page has too many rows."""
    found, cursor = [], None
    while True:
        page = rehearsal.engine.journal.requests_page(
            rehearsal.tenant.number, limit, cursor, CallFilter(**wanted)
        )
        assert len(page.items) <= limit
        found += [row["traceId"] for row in page.items]
        cursor = page.next
        if cursor is None:
            return found


@pytest.fixture
def busy(rehearse):
    """A tenant with calls of every kind, and many accepted ones after them."""
    rehearsal = rehearse(tenant={"assumptions": {"disabledStatus": 202}})
    rehearsal.send(b"no json", trace="broken")
    rehearsal.send(event("dave@example.com"), trace="astray", path="/elsewhere")
    off = {"name": "Off", "enabled": False}
    workflow = rehearsal.engine.tenants.add_workflow(rehearsal.tenant, off)
    rehearsal.send(query=f"urlTokenId={workflow.url_token_id}", trace="ignored")
    rehearsal.send(b"[1]", trace="list")
    for number in range(20):
        rehearsal.send(event("dave@example.com", f"id-{number}"), trace=f"t-{number}")
    return rehearsal


def test_calls_that_started_nothing_are_listed_however_many_came_after_them(busy):
    found = traces(busy, limit=2, without_run=True)
    assert found == ["list", "ignored", "astray", "broken"]
    assert traces(busy, reason="not-json") == ["broken"]
    assert traces(busy, reason="unknown-path") == ["astray"]
    assert traces(busy, reason="rate-limit") == []
    assert traces(busy, reason=IGNORED) == ["ignored"]


@pytest.mark.parametrize("looked_at", [3, 10_000])
@pytest.mark.parametrize("limit", [2, 50])
def test_a_search_goes_on_from_page_to_page_until_all_is_found(busy, monkeypatch, looked_at, limit):
    monkeypatch.setattr(call_queries, "LOOKED_AT", looked_at)
    assert traces(busy, limit, trace_id="t-0") == ["t-0"]
    assert traces(busy, limit, status=404) == ["astray"]
    assert traces(busy, limit, status=400, reason="not-json") == ["broken"]
    assert traces(busy, limit, identity="id-7") == ["t-7"]
    assert traces(busy, limit, identity="id-") == []
    every = traces(busy, limit, identity="dave@example.com")
    assert every == [*(f"t-{number}" for number in reversed(range(20))), "astray"]


def test_a_page_of_a_search_looks_at_a_bounded_number_of_calls(busy, monkeypatch):
    monkeypatch.setattr(call_queries, "LOOKED_AT", 10)
    page = busy.engine.journal.requests_page(busy.tenant.number, wanted=CallFilter(trace_id="t-0"))
    assert page.items == ()
    assert page.next is not None


def test_a_search_finds_what_is_left_after_older_calls_are_gone(busy, monkeypatch):
    monkeypatch.setattr(call_queries, "LOOKED_AT", 5)
    number = busy.tenant.number
    busy.advance(40 * 86_400)
    busy.send(event("dave@example.com"), trace="last")
    busy.engine.journal.prune(number, busy.tenant.clock.now())
    assert traces(busy, trace_id="last") == ["last"]
    assert traces(busy, trace_id="t-0") == []


def test_an_identity_is_found_in_any_way_of_writing_it(rehearsal):
    rehearsal.send(
        b'{"identityMap": {"Email": [{"id": "d\\u00e4ve\\u0040example.com"}]}}', trace="1"
    )
    rehearsal.send('{"identityMap": {"Email": [{"id": "däve@example.com"}]}}'.encode(), trace="2")
    rehearsal.send('{"cut": "däve@example.com'.encode(), trace="3")
    rehearsal.send('{"note": "däve@example.com"}'.encode(), trace="4")
    assert traces(rehearsal, identity="däve@example.com") == ["3", "2", "1"]


@pytest.mark.parametrize("letters", ["\\u0061nn\\u0061", "\\u0061\\u006E\\u006e\\u0061"])
def test_an_identity_is_found_though_its_letters_are_written_as_escapes(rehearsal, letters):
    body = f'{{"identityMap": {{"Email": [{{"id": "{letters}\\u00407\\u007a\\u0030\\u0051"}}]}}}}'
    rehearsal.send(body.encode(), trace="1")
    rehearsal.send(b'{"identityMap": {"Email": [{"id": "\\u0062nna@7z0Q"}]}}', trace="2")
    assert traces(rehearsal, identity="anna@7z0Q") == ["1"]


@pytest.mark.parametrize("looked_at", [1, 10_000])
@pytest.mark.parametrize("limit", [1, 2, 50])
def test_runs_are_found_by_trace_id(rehearsal, monkeypatch, looked_at, limit):
    monkeypatch.setattr(call_queries, "LOOKED_AT", looked_at)
    rehearsal.engine.tenants.get(rehearsal.tenant.id).faults.add(
        {"kind": "run-twice", "when": {"first": 1}}
    )
    for trace in ("a", "b", "a", "c"):
        rehearsal.send(trace=trace)
    found, cursor = [], None
    while True:
        page = rehearsal.engine.journal.runs_page(
            rehearsal.workflow.id, limit=limit, cursor=cursor, trace_id="a"
        )
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    assert [run["traceId"] for run in found] == ["a", "a", "a"]
    assert len({run["id"] for run in found}) == 3


def test_a_cursor_belongs_to_one_filter(busy):
    journal, number = busy.engine.journal, busy.tenant.number
    page = journal.requests_page(number, 1, wanted=CallFilter(without_run=True))
    with pytest.raises(BadCursorError):
        journal.requests_page(number, 1, page.next, CallFilter(reason="not-json"))
    with pytest.raises(BadCursorError):
        journal.requests_page(number, 1, page.next)


def test_every_call_can_be_opened_by_its_id(busy):
    for row in busy.requests():
        call = busy.engine.journal.kept_call(row["requestId"])
        assert call.shown == row
        assert call.tenant_number == busy.tenant.number
