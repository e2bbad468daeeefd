"""Logs, metrics, progress, the report for people, the clocks: what observes and shows."""

import builtins
import dataclasses
import datetime as dt
import html
import importlib
import io
import json
import re
import socket
import sys

import prometheus_client
import pytest
from rich.console import Console

from contracts.validation import schema, validate
from sender import ADOBE_BEST_EFFORT, LOSSLESS, events
from sender.clock import RealClock, VirtualClock
from sender.commands.watching import OutageNotice
from sender.errors import ConfigurationError, MissingExtraError
from sender.logs import JsonLog, PlainLog
from sender.metrics import PrometheusMetrics, serve_metrics
from sender.outbox_records import Trace
from sender.progress import ProgressBar
from sender.reconcile import Disagreement, MockJournal, Reconciliation, reconciled
from sender.report import Exclusions, Failures, Report
from sender.report_page import report_html, report_table

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
REPORT = Report(
    START,
    1.5,
    "Processing",
    10,
    activated=4,
    failed=2,
    uncertain=1,
    pending=1,
    uncertain_attempts=3,
    exclusions=(Exclusions("hashed e-mail", 2),),
    failures=(Failures("<b>", 2, "<script>"),),
    broken_rows=1,
    taken_over=5,
)


EVENTS = (
    events.ExportStarted("Survey", "lossless", 1000),
    events.AttemptEnded("t", 1, None, 2.0, "lost"),
    events.MessageActivated("t", 2),
    events.CircuitOpened("refused", 1.0),
    events.CircuitClosed(),
    events.MessageFailed("t", 3, "500", "down\x1b[2J"),
    events.Throttled("t", 30.0),
    events.RunFinished("Completed", 1, 0, 0, 0),
    events.ProgressMade(1, 1, 0, 0, 0),
)


def name_of(event):
    return type(event).__name__


def text_of(report):
    console = Console(file=io.StringIO(), width=120)
    console.print(report_table(report, "[red]Survey"))
    return console.file.getvalue()


def test_the_table_has_adobes_terms_and_everything_that_needs_attention():
    text = text_of(REPORT)
    for words in (
        "[red]Survey",
        "Profiles received",
        "60.00 %",
        "Uncertain",
        "Pending",
        "uncertain attempts",
        "broken rows",
        "of earlier runs, among those received",
        "<b>: <script>",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"status": "Interrupted"}, "Interrupted 1 pending"),
        ({"status": "Interrupted", "pending": 0}, "Interrupted its profiles were not read"),
        ({"status": "Failed", "stopped_because": "it is <down>"}, "Failed it is <down>"),
        ({"status": "Processing"}, "Processing"),
    ],
)
def test_the_status_says_what_is_left_or_why_it_stopped(changes, says):
    report = dataclasses.replace(REPORT, **changes)
    assert says in " ".join(text_of(report).split())
    assert ("resume to send them" in text_of(report)) == (says[0] != "P" and report.pending > 0)
    page = html.unescape(report_html(report, "x"))
    assert says in page.replace(f"{report.status}: ", f"{report.status} ")


@pytest.mark.parametrize(
    ("activated", "excluded", "noted"), [(0, 3, True), (1, 3, False), (0, 0, False)]
)
def test_a_rate_without_a_single_activation_is_explained(activated, excluded, noted):
    exclusions = (Exclusions("no mapped identity", excluded),)
    report = Report(START, 1.0, "Completed", 4, activated=activated, exclusions=exclusions)
    for shown in (text_of(report), report_html(report, "x")):
        assert ("excluded count as activated, as Adobe counts" in shown) == noted


def test_the_schemas_example_is_what_a_report_writes():
    (example,) = schema("report")["examples"]
    counts = example["messages"]
    report = Report(
        dt.datetime.fromisoformat(example["dataflowRunStart"]),
        example["processingTimeSeconds"],
        example["status"],
        example["profilesReceived"],
        **{name: counts[name] for name in ("activated", "failed", "uncertain", "pending")},
        exclusions=[Exclusions(**entry) for entry in example["excluded"]],
        failures=[
            Failures(entry["errorCode"], entry["count"], entry["description"])
            for entry in example["failed"]
        ],
    )
    assert report.to_mapping() == example
    assert sum(counts.values()) == example["profilesReceived"]
    assert validate(REPORT.to_mapping(), "report") == []


def test_an_empty_report_has_no_rate():
    empty = Report(START, 0.0, "Completed", 0)
    assert "no profiles" in text_of(empty)
    assert "no profiles" in report_html(empty, "x")
    assert not empty.is_rate_below(1.0)
    assert empty.all_well


def test_the_page_escapes_what_it_shows_and_needs_nothing_from_outside():
    page = report_html(REPORT, "<img src=x>")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "src=" not in page.replace("&lt;img src=x&gt;", "")


def test_a_log_is_json_with_the_instant_from_the_clock():
    stream = io.StringIO()
    log = JsonLog(stream, VirtualClock(START))
    log(events.MessageFailed("t", 3, "500", "down"))
    log(events.MessageActivated("t", 1))
    log(events.ProgressMade(1, 1, 0, 0, 0))
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line) == {
        "at": "2026-01-01T00:00:00.000000Z",
        "event": "MessageFailed",
        "trace_id": "t",
        "attempts": 3,
        "error_code": "500",
        "description": "down",
    }


@pytest.mark.parametrize(
    ("verbose", "tells_losses", "left_out"),
    [
        (False, True, {"AttemptEnded", "MessageActivated"}),
        (False, False, {"AttemptEnded", "MessageActivated", "MessageFailed", "Throttled"}),
        (True, False, set()),
    ],
)
def test_a_log_tells_of_every_message_only_when_asked(verbose, tells_losses, left_out):
    stream = io.StringIO()
    options = {"verbose": verbose, "tells_losses": tells_losses}
    as_json, sentences = JsonLog(stream, VirtualClock(START), **options), []
    in_words = PlainLog(sentences.append, **options)
    for event in EVENTS:
        as_json(event)
        in_words(event)
    names = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    assert names == [n for n in map(name_of, EVENTS[:-1]) if n not in left_out]
    told_by_the_command = {"RunFinished"} if verbose else {"RunFinished", "CircuitOpened"}
    assert len(sentences) == len(set(names) - told_by_the_command)


def test_a_log_in_sentences_reads_well_and_cannot_command_the_terminal():
    lines = []
    log = PlainLog(lines.append, verbose=True)
    for event in EVENTS:
        log(event)
    assert lines == [
        "exporting 'Survey' with policy lossless; from before: 1,000",
        "t: try 1 lost, status none, 2.000 s",
        "t: activated, attempts: 2",
        "no use to send: refused; next try in 1.0 s",
        "the destination is up again",
        "t: failed for good, attempts: 3: 500: down\N{REPLACEMENT CHARACTER}[2J",
        "t: one call too many, asked to wait 30 s",
    ]


def test_an_outage_is_told_once_until_it_ends():
    lines = []
    notice = OutageNotice(lines.append, LOSSLESS, "RESUME")
    opened, closed = events.CircuitOpened("refused", 1.0), events.CircuitClosed()
    for event in (opened, opened, closed, opened):
        notice(event)
    sentence = (
        "the destination is down: refused; trying again for up to 24 h; "
        "Ctrl-C keeps everything, go on with: RESUME"
    )
    assert lines == [sentence, sentence]


def test_an_outage_is_told_when_one_message_found_no_connection_again_and_again():
    lines = []
    lossless, best_effort = (
        OutageNotice(lines.append, policy, "RESUME") for policy in (LOSSLESS, ADOBE_BEST_EFFORT)
    )
    for attempt in range(1, 9):
        for notice in (lossless, best_effort):
            notice(events.AttemptEnded("t", attempt, None, 0.1, "not connected"))
            notice(events.AttemptEnded("u", attempt, 500, 0.1, "answered"))
        assert len(lines) == (attempt >= 4)
    lossless(events.MessageActivated("t", 9))
    lossless(events.AttemptEnded("v", 4, None, 0.1, "not connected"))
    assert len(lines) == 2


def test_metrics_count_attempts_and_ends():
    metrics = PrometheusMetrics()
    for event in (
        events.AttemptEnded("t", 1, 200, 0.1, "answered"),
        events.AttemptEnded("t", 1, None, 0.1, "lost"),
        events.MessageActivated("t", 1),
        events.MessageFailed("t", 1, "500", ""),
        events.MessageUncertain("t", 1, "504", ""),
        events.CircuitOpened("down", 1.0),
        events.ProgressMade(1, 1, 0, 0, 0),
    ):
        metrics(event)

    def value(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(name, labels)

    assert value("sender_attempts_total", outcome="answered", status="200") == 1
    assert value("sender_attempts_total", outcome="lost", status="") == 1
    assert [
        value("sender_messages_total", state=state)
        for state in ("activated", "failed", "uncertain")
    ] == [1, 1, 1]
    assert value("sender_circuit_open") == 1
    metrics(events.CircuitClosed())
    assert value("sender_circuit_open") == 0


def test_a_port_in_use_for_metrics_is_a_wrong_configuration():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigurationError, match="--metrics-port"):
            serve_metrics(taken.getsockname()[1])
    assert prometheus_client.CollectorRegistry is not None


@pytest.mark.parametrize(
    ("module", "missing", "extra"),
    [
        ("sender.metrics", "prometheus_client", "prometheus"),
        ("sender.fast_transport", "pycurl", "fast"),
    ],
)
def test_a_missing_extra_is_named(monkeypatch, module, missing, extra):
    real_import = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name == missing:
            raise ImportError(name)
        return real_import(name, *rest)

    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=rf"mock-qualtrics\[{extra}\]"):
        importlib.import_module(module)


def test_the_progress_bar_shows_counts():
    console = Console(file=io.StringIO(), force_terminal=True, width=140)
    with ProgressBar(console, 100, lambda: 50) as bar:
        bar(events.CircuitClosed())
        bar(events.ProgressMade(10, 7, 2, 1, 0))
        bar._progress.refresh()
    assert "activated 7  excluded 2  failed 1" in console.file.getvalue()


def test_a_pause_of_the_real_clock_ends_in_time_or_when_told():
    clock = RealClock()
    began = clock.monotonic()
    clock.pause(0.01, lambda: False)
    assert clock.monotonic() - began >= 0.01
    clock.pause(1e9, lambda: True)
    clock.sleep(0.0)
    assert clock.now().tzinfo is not None


def test_a_pause_of_the_virtual_clock_takes_no_time():
    clock = VirtualClock(START)
    clock.pause(3600, lambda: False)
    clock.pause(3600, lambda: True)
    assert clock.now() == START + dt.timedelta(hours=1)


def test_reconciling_finds_every_kind_of_disagreement():
    traces = [
        Trace("fine", 2, 1, 0),
        Trace("lost", 2, 1, 0),
        Trace("double", 2, 2, 1),
        Trace("pending", 0, 1, 0),
        Trace("failed", 3, 3, 1),
        Trace("uncertain", 4, 3, 3),
    ]
    accepted = {"fine": 1, "double": 2, "failed": 1, "stranger": 1, "": 2}
    found = reconciled(traces, accepted)
    assert [(d.trace_id, d.meaning) for d in found.disagreements] == [
        ("lost", "activated, but never accepted"),
        ("double", "accepted 2 times"),
        ("failed", "accepted, but failed"),
    ]
    assert (found.messages, found.agreeing, found.foreign) == (6, 3, 3)
    assert reconciled(traces[1:2], {}).disagreements == (
        Disagreement("lost", "activated", 0, 0, "activated, but never accepted"),
    )
    assert reconciled([], {}) == Reconciliation(0, (), 0)


def test_a_mock_is_read_page_by_page_for_the_tenant_of_the_workflow(qualtrics, kit, monkeypatch):
    monkeypatch.setattr("sender.reconcile.PAGE_ROWS", 2)
    from sender import Exporter  # noqa: PLC0415  only here

    dataflow = kit.dataflow(qualtrics.trigger_url).with_username(qualtrics.username)
    with Exporter(dataflow, token=qualtrics.api_token, calls_per_minute=None) as exporter:
        exporter.export(kit.profiles(3))
    base = qualtrics.trigger_url.split("/inbound")[0]
    assert MockJournal(base).accepted(qualtrics.trigger_url).total() == 3
    elsewhere = qualtrics.trigger_url.split("=")[0] + "=elsewhere"
    with pytest.raises(ConfigurationError, match="no tenant has the workflow"):
        MockJournal(base).accepted(elsewhere)


def test_a_mock_that_forgot_calls_cannot_vouch_for_any(server, kit):
    workflow = {"triggerUrl": server.url, "legacyTriggerUrl": server.url}
    tenants = json.dumps({"tenants": [{"id": "t", "workflows": [workflow]}]}).encode()
    server.answers(kit.answer(body=tenants), kit.answer(body=b'{"complete": false}'))
    with pytest.raises(ConfigurationError, match="the mock's journal is not complete"):
        MockJournal(server.url.split("/inbound")[0]).accepted(server.url)


def said_of(url: str) -> str:
    with pytest.raises(ConfigurationError) as raised:
        MockJournal(url).accepted("http://127.0.0.1/?urlTokenId=x")
    assert not re.search(r"[a-z]Error|Exception|Invalid[A-Z]|Missing[A-Z]", str(raised.value))
    return str(raised.value)


@pytest.mark.parametrize("url", ["127.0.0.1:8084", "localhost", "ftp://x", "http://", "http://[x"])
def test_what_is_no_address_of_a_mock_is_refused_with_one_that_would_be(url):
    assert "expected one such as http://127.0.0.1:8084" in said_of(url)


def test_a_mock_that_cannot_be_reached_is_said_to_be_so(closed_port, server):
    assert "no connection" in said_of(f"http://127.0.0.1:{closed_port}")
    tls = said_of(server.url.split("/inbound")[0].replace("http:", "https:"))
    assert "no TLS that is trusted" in tls
    assert "cannot be used" in said_of("http://a b")


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, b"{}", "--control-token"),
        (500, b"<h1>", "it answers 500; is it mock-qualtrics"),
        (200, b"<h1>", "it answers no JSON; is it mock-qualtrics"),
        (200, b"[]", "it answers without 'tenants'; is it mock-qualtrics"),
        (200, b"{}", "it answers without 'tenants'; is it mock-qualtrics"),
    ],
)
def test_a_server_that_is_no_mock_or_wants_a_token_is_said_to_be_so(
    server, kit, status, body, says
):
    server.always(kit.answer(status, body=body))
    assert says in said_of(server.url.split("/inbound")[0])
