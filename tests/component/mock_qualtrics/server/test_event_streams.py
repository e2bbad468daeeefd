"""Event streams over real sockets."""

import http.client
import threading

import pytest

from mock_qualtrics.clock import monotonic_seconds
from mock_qualtrics.server import serve_in_thread
from mock_qualtrics.server import server as serving
from mock_qualtrics.server.web_calls import event_streams
from mock_qualtrics.server.web_calls.flask_bridge import THREADS
from mock_qualtrics.settings import Settings
from mock_qualtrics.web.changes import messages
from mock_qualtrics.web.pages.live import position_of
from support.event_stream import EventStream
from support.rehearsal import trigger_call
from support.waiting import until

PATIENCE_SECONDS = 60.0  # only a test that fails waits so long


@pytest.fixture
def server():
    with serve_in_thread(Settings(control_token="PLACEHOLDER")) as running:
        yield running


@pytest.fixture
def listen(server):
    """Open streams, which are closed at the end."""
    opened = []

    def open_one(query: str = "", **headers: str) -> EventStream:
        opened.append(EventStream(server.url, query, Authorization="Bearer PLACEHOLDER", **headers))
        return opened[-1]

    yield open_one
    for stream in opened:
        stream.__exit__()


def streams(server):
    return server._asgi_app._streams.open


def call(server):
    server.engine.receive(trigger_call(server.engine))


def here(server):
    return position_of(server.engine, server.engine.tenants.default)


def test_a_new_caller_is_told_the_totals_and_then_each_change(server, listen):
    stream = listen()
    assert stream.answer.status == 200
    assert stream.answer.headers["Content-Type"] == "text/event-stream"
    assert stream.answer.headers["Content-Length"] is None
    assert stream.lines() == ["retry: 1000"]
    first = stream.next()
    assert (first.kind, first.data["new"], first.data["totals"]["received"]) == ("change", None, 0)
    call(server)
    last = stream.until(received=1, succeeded=1)
    assert last.id == here(server)


def test_an_event_says_how_many_calls_and_runs_are_new(server, listen):
    stream = listen(f"?after={here(server)}")
    assert stream.lines() == ["retry: 1000"]
    call(server)
    assert stream.next().data["new"] == {"calls": 1, "runs": 1, "unattributedCalls": 0}


def test_who_comes_again_is_told_at_once_what_it_missed_and_only_then(server, listen):
    with listen() as stream:
        known = stream.next().id
    until(lambda: streams(server) == 0)
    call(server)
    until(lambda: server.engine.journal.totals(1)["succeeded"])
    stream = listen("?after=old", Last_Event_ID=known)
    told = stream.next()
    assert told.data["new"] == {"calls": 1, "runs": 1, "unattributedCalls": 0}
    again = listen("?after=old", Last_Event_ID=told.id)
    call(server)
    assert again.next().data["new"]["calls"] == 1


def test_a_burst_of_calls_is_few_events_and_the_last_has_the_final_totals(server, listen):
    stream, began, events = listen(f"?after={here(server)}"), monotonic_seconds(), 0
    burst = threading.Thread(target=lambda: [call(server) for _ in range(200)])
    burst.start()
    while event := stream.next():
        events += 1
        if event.data["totals"]["succeeded"] == 200:
            break
    burst.join()
    assert event.data["totals"] == server.engine.journal.totals(1)
    assert event.id == here(server)
    assert events <= 2 + (monotonic_seconds() - began) / event_streams.SECONDS_BETWEEN


def test_a_clock_that_is_moved_is_told(server, listen):
    for clock in ("virtual", "skipping"):
        tenant = server.engine.tenants.create({"clock": clock})
        workflow = {"name": "Survey", "delay": {"kind": "fixed", "seconds": 3600}}
        server.engine.tenants.add_workflow(tenant, workflow)
        stream = listen(f"?tenant={tenant.id}&after={position_of(server.engine, tenant)}")
        assert stream.lines() == ["retry: 1000"]
        server.engine.advance(tenant.id, 3600)
        assert stream.next().id == position_of(server.engine, tenant)


def test_a_changed_workflow_is_told(server, listen):
    stream = listen(f"?after={here(server)}")
    (workflow,) = server.engine.tenants.default.workflows
    server.engine.tenants.update_workflow(workflow.id, {"enabled": False})
    assert stream.next().data["new"] == {"calls": 0, "runs": 0, "unattributedCalls": 0}


def test_when_the_tenant_is_deleted_the_stream_says_so_and_ends(server, listen):
    tenant = server.engine.tenants.create({})
    stream = listen(f"?tenant={tenant.id}")
    assert stream.next().kind == "change"
    server.engine.tenants.delete(tenant.id)
    assert stream.next().kind == "gone"
    assert stream.next() is None
    until(lambda: streams(server) == 0)


def test_a_stop_ends_streams_at_once_also_those_that_rest(server, listen, monkeypatch):
    monkeypatch.setattr(serving, "_GRACE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(event_streams, "SECONDS_BETWEEN", PATIENCE_SECONDS)
    open_ones = [listen(), listen(f"?after={here(server)}")]
    assert open_ones[0].next().kind == "change"  # it rests now, before it tells another change
    assert open_ones[1].lines() == ["retry: 1000"]
    began = monotonic_seconds()
    server.close()
    assert monotonic_seconds() - began < PATIENCE_SECONDS / 2
    assert [stream.next() for stream in open_ones] == [None, None]


def test_streams_take_no_threads(server, listen):
    before = set(threading.enumerate())  # of other servers of this process
    opened = [listen() for _ in range(2 * THREADS)]
    assert {stream.next().kind for stream in opened} == {"change"}
    assert listen().next().kind == "change"  # no stream keeps one of the app's threads
    names = [thread.name for thread in set(threading.enumerate()) - before]
    assert len([name for name in names if "mock-qualtrics" in name]) <= THREADS + 10


def test_one_stream_more_than_there_may_be_is_answered_503_until_one_is_closed(
    server, listen, monkeypatch
):
    monkeypatch.setattr(event_streams, "MOST_STREAMS", 2)
    first, _ = (listen() for _ in range(2))
    until(lambda: streams(server) == 2)
    refused = listen()
    assert refused.answer.status == 503
    assert b"2 event streams are open" in refused.answer.read()
    first.__exit__()
    until(lambda: streams(server) == 1)
    assert listen().next().kind == "change"


def test_a_caller_that_does_not_read_is_cut_off(server, listen, monkeypatch):
    monkeypatch.setattr(messages, "COMMENT", b":" + bytes(1_000_000) + b"\n\n")
    monkeypatch.setattr(event_streams, "COMMENT_SECONDS", 0.0)
    monkeypatch.setattr(event_streams, "SLOWEST_SEND_SECONDS", 0.2)
    listen(f"?after={here(server)}")
    until(lambda: streams(server) == 1)
    until(lambda: streams(server) == 0)


def test_a_quiet_stream_says_a_comment_now_and_then(server, listen, monkeypatch):
    monkeypatch.setattr(event_streams, "COMMENT_SECONDS", 0.01)
    stream = listen(f"?after={here(server)}")
    assert [stream.lines() for _ in range(3)] == [["retry: 1000"], *[[": nothing new"]] * 2]


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Host": "a.example"}, 403), ({"Origin": "https://a.example"}, 403)],
)
def test_who_may_not_see_the_pages_gets_no_stream(server, headers, status):
    with EventStream(server.url, **headers) as stream:
        assert stream.answer.status == status
    assert streams(server) == 0


def test_head_is_answered_at_once(server):
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
    connection.request("HEAD", "/events", headers={"Authorization": "Bearer PLACEHOLDER"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    connection.close()
    assert streams(server) == 0
