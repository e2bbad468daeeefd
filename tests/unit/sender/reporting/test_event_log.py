"""Logs, metrics, progress, the clocks: what observes an export."""

import builtins
import datetime as dt
import importlib
import io
import json
import socket
import sys

import prometheus_client
import pytest
from rich.console import Console

from sender import ADOBE_BEST_EFFORT, LOSSLESS, events
from sender.clock import RealClock, VirtualClock
from sender.commands.shared.console import OutageNotice
from sender.errors import ConfigurationError, MissingExtraError
from sender.metrics import PrometheusMetrics, serve_metrics
from sender.reporting.event_log import JsonLog, PlainLog
from sender.reporting.progress_bar import ProgressBar

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
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


def test_a_log_as_json_cannot_command_the_terminal():
    stream = io.StringIO()
    JsonLog(stream, VirtualClock(START))(events.MessageFailed("t", 3, "500", "a\x9b2J\x1b\u202e"))
    assert json.loads(stream.getvalue())["description"] == "a\ufffd2J\x1b\ufffd"
    assert stream.getvalue().rstrip("\n").isprintable()


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
        "t: one call too many; asked to wait 30 s",
    ]
    log(events.Throttled("u", 0.0))
    assert lines[-1] == "u: one call too many"


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
        ("sender.transport.curl_transport", "pycurl", "fast"),
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


def test_what_was_read_and_waits_is_not_drawn_as_done():
    console = Console(file=io.StringIO(), force_terminal=True, width=140)
    with ProgressBar(console, 100, lambda: 100) as bar:
        bar(events.ProgressMade(10, 2, 1, 1, 0))
        assert bar._progress.tasks[0].completed == 40
        bar._progress.refresh()
        bar(events.ProgressMade(10, 8, 1, 1, 0))
        assert bar._progress.tasks[0].finished
    assert "waiting 6" in console.file.getvalue()


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
