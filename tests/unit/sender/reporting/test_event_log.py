"""What is logged, as JSON and in sentences."""

import datetime as dt
import io
import json

import pytest

from sender import events
from sender.clock import VirtualClock
from sender.reporting.event_log import JsonLog, PlainLog

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
    assert json.loads(stream.getvalue())["description"] == "a\x9b2J\x1b\u202e"
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
        "t: failed for good, attempts: 3: 500: down\\u001b[2J",
        "t: the destination answered 429, one call too many; asked to wait 30 s; it is sent again",
    ]
    log(events.Throttled("u", 0.0))
    assert lines[-1] == "u: the destination answered 429, one call too many; it is sent again"


def test_a_log_as_json_tells_the_progress_every_ten_seconds():
    stream, clock = io.StringIO(), VirtualClock(START)
    log = JsonLog(stream, clock)
    for second in range(26):
        log(events.ProgressMade(second, second, 0, 0, 0))
        clock.sleep(1.0)
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(entry["event"], entry["activated"]) for entry in told] == [
        ("ProgressMade", 10),
        ("ProgressMade", 20),
    ]


@pytest.mark.parametrize(
    ("seconds", "text"), [(15.0, "15.0 s"), (300.0, "5 min"), (90_060.0, "25 h 1 min")]
)
def test_a_wait_is_told_in_the_unit_that_people_read(seconds, text):
    lines = []
    PlainLog(lines.append)(events.Waiting(seconds, "the reason"))
    assert lines == [f"the next call goes in {text}: the reason"]
