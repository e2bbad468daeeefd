"""The exporter, as a library, against a real server."""

import random
import threading
from collections.abc import Iterator

import pytest

from contracts import validate
from contracts.secret import Secret
from sender import ADOBE_BEST_EFFORT, LOSSLESS, Exporter, events
from sender.errors import ConfigurationError, ExportStoppedError, MissingTokenError
from sender.outbox import Outbox
from sender.transport.factory import TRANSPORTS


@pytest.fixture
def exporter(dataflow, kit):
    made = []

    def make(**options: object) -> Exporter:
        defaults = {"token": kit.token, "calls_per_minute": None, "rng": random.Random(1)}
        made.append(Exporter(dataflow, **(defaults | options)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def counts(report):
    return (
        report.activated,
        report.excluded,
        report.failed,
        report.uncertain,
        report.pending,
    )


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_every_profile_arrives_once(server, exporter, kit, transport):
    report = exporter(transport=transport).export(kit.profiles(1000))
    assert counts(report) == (1000, 0, 0, 0, 0)
    assert sorted(body["firstName"] for body in server.bodies) == sorted(
        f"Name{n}" for n in range(1000)
    )
    assert len({seen.headers["x-trace-id"] for seen in server.seen}) == 1000
    assert validate(report.to_mapping(), "report") == []


def test_no_profiles_are_an_export_too(exporter):
    report = exporter().export([])
    assert (counts(report), report.activation_rate, report.status) == (
        (0, 0, 0, 0, 0),
        None,
        "Completed",
    )
    assert validate(report.to_mapping(), "report") == []


def test_a_second_export_sends_only_what_changed(server, exporter, kit):
    it = exporter()
    it.export(kit.profiles(5))
    changed = [*kit.profiles(4), kit.profiles(1, first=4)[0] | {"firstName": "Other"}]
    report = it.export(changed)
    assert counts(report) == (1, 4, 0, 0, 0)
    assert server.bodies[-1]["firstName"] == "Other"
    assert report.exclusions[0].reason == "nothing changed since the last export"


def test_a_profile_that_comes_twice_is_sent_once(server, exporter, kit):
    report = exporter().export(kit.profiles(2) * 2)
    assert counts(report) == (2, 2, 0, 0, 0)


def test_excluded_profiles_and_broken_rows_are_counted_apart(exporter, kit):
    hashed = {"_id": "x", "identityMap": {"Email": [{"id": "a" * 64}]}}
    it = exporter()
    report = it.export([*kit.profiles(1), {"_id": "y"}, hashed, "no profile", 5])
    assert counts(report) == (1, 2, 0, 0, 0)
    assert report.profiles_received == 3
    assert report.broken_rows == 2
    assert it.broken_rows()[0] == ("profiles", 4, "a str; expected a mapping")
    assert not report.all_well


def test_what_may_be_retried_is_sent_again_with_the_same_trace_id(server, exporter, kit):
    server.answers(kit.refusal(500), kit.refusal(503))
    report = exporter(workers=1).export(kit.profiles(1))
    assert counts(report) == (1, 0, 0, 0, 0)
    assert len(server.seen) == 3
    assert len({seen.headers["x-trace-id"] for seen in server.seen}) == 1


def test_a_refused_message_fails_and_the_rest_goes_on(server, exporter, kit):
    server.script = lambda number, seen: (
        kit.refusal(413, "TOO_BIG") if b"Name3" in seen.body else kit.answer()
    )
    report = exporter().export(kit.profiles(10))
    assert counts(report) == (9, 0, 1, 0, 0)
    assert [(f.error_code, f.count) for f in report.failures] == [("TOO_BIG", 1)]


def test_failed_messages_can_be_replayed_by_error_code(server, exporter, kit):
    server.script = lambda number, seen: kit.refusal(
        413 if b"Name3" in seen.body else 422, "BIG" if b"Name3" in seen.body else "ODD"
    )
    it = exporter()
    assert counts(it.export(kit.profiles(5))) == (0, 0, 5, 0, 0)
    server.always(kit.answer())
    assert counts(it.replay_failed("BIG")) == (1, 0, 4, 0, 0)
    assert counts(it.replay_failed()) == (5, 0, 0, 0, 0)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_hopeless_answer_stops_the_export_and_keeps_everything(server, exporter, kit, transport):
    server.always(kit.refusal(401, "DCD_7"))
    it = exporter(transport=transport, workers=2)
    with pytest.raises(ExportStoppedError, match="QUALTRICS_API_TOKEN") as stopped:
        it.export(kit.profiles(1000))
    report = stopped.value.report
    assert report.status == "Failed"
    assert not stopped.value.interrupted
    assert report.activated == report.failed == 0
    assert report.pending == report.profiles_received > 0
    assert len(server.seen) <= 8
    server.always(kit.answer())
    rest = kit.profiles(1000)[report.profiles_received :]
    left = report.pending
    report = it.export(rest)
    assert counts(report) == (1000, 0, 0, 0, 0)
    assert (report.taken_over, report.profiles_received) == (left, 1000)
    assert it.export([]).taken_over == 0


def test_a_source_that_raises_loses_nothing_that_was_taken_in(server, exporter, kit):
    def profiles() -> Iterator[dict]:
        yield from kit.profiles(300)
        raise RuntimeError("the source broke")

    it = exporter()
    with pytest.raises(RuntimeError, match="the source broke"):
        it.export(profiles())
    report = it.resume()
    assert report.activated + report.pending == report.profiles_received == 256


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_exporter_goes_on_after_an_interruption_in_its_midst(server, exporter, kit, transport):
    interruptions = [KeyboardInterrupt()]

    def interrupt(event: events.Event) -> None:
        if isinstance(event, events.MessageActivated) and interruptions:
            raise interruptions.pop()

    it = exporter(subscribers=[interrupt], workers=4, transport=transport)
    with pytest.raises(KeyboardInterrupt):
        it.export(kit.profiles(100))
    pending = it.report().pending
    assert pending > 0
    report = it.resume()
    assert (report.activated, report.pending) == (100, 0)
    assert len(server.seen) - 100 <= report.uncertain_attempts


def test_a_number_that_cannot_be_written_stops_nobody_else(server, exporter, kit):
    good, bad, other = kit.profiles(3)
    huge = 10**5_000
    report = exporter().export([good, {**bad, "_id": huge}, {**other, "person": {"name": huge}}])
    assert (report.profiles_received, report.activated + report.excluded) == (3, 3)
    assert len(server.bodies) == report.activated >= 1


def test_stopping_finishes_what_is_in_flight_and_resume_goes_on(server, exporter, kit):
    def stop_soon(event: events.Event) -> None:
        if isinstance(event, events.ProgressMade) and event.activated >= 10:
            it.stop()

    it = exporter(subscribers=[stop_soon], workers=2)
    with pytest.raises(ExportStoppedError) as stopped:
        it.export(kit.profiles(500))
    report = stopped.value.report
    assert stopped.value.interrupted
    assert (report.status, report.stopped_because) == ("Interrupted", None)
    assert report.activated == len(server.seen)
    assert report.uncertain_attempts == 0
    assert report.pending == report.profiles_received - report.activated


def test_a_subscriber_that_raises_loses_no_message(server, exporter, kit, caplog):
    heard = []

    def raises(event: events.Event) -> None:
        raise ValueError("not my day")

    report = exporter(subscribers=[raises, heard.append]).export(kit.profiles(3))
    assert report.activated == 3
    assert isinstance(heard[0], events.ExportStarted)
    assert isinstance(heard[-1], events.RunFinished)
    assert "is told no more: it raised ValueError('not my day')" in caplog.text


def test_what_cannot_be_meant_is_refused_before_anything_is_sent(server, exporter):
    with pytest.raises(ConfigurationError, match="workers: found -1, expected at least 1"):
        exporter(workers=-1)
    with pytest.raises(ConfigurationError, match="policy 'careful' is unknown"):
        exporter(policy="careful")
    with pytest.raises(ConfigurationError, match="found a text, expected profiles"):
        exporter().export("profiles.jsonl")
    assert not server.seen


def test_a_policy_may_be_named(exporter):
    assert "policy='adobe-best-effort'" in repr(exporter(policy="adobe-best-effort"))


def test_an_alert_is_told_when_messages_failed_or_too_little_was_activated(server, exporter, kit):
    heard = []
    server.script = lambda number, seen: kit.refusal(413)
    exporter(subscribers=[heard.append], alert_below=0.9).export(kit.profiles(2))
    (alert,) = [event for event in heard if isinstance(event, events.ActivationRateLow)]
    assert alert == events.ActivationRateLow(0.0, 0.9, 2, 0)


def test_threads_that_share_an_exporter_take_turns(server, exporter, kit):
    it = exporter()
    reports = []
    threads = [
        threading.Thread(
            target=lambda first=first: reports.append(it.export(kit.profiles(50, first)))
        )
        for first in (0, 50, 100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [counts(report) for report in reports] == [(50, 0, 0, 0, 0)] * 3
    assert len(server.seen) == 150


def test_the_token_comes_from_the_environment(server, dataflow, kit, monkeypatch):
    monkeypatch.setenv("QUALTRICS_API_TOKEN", kit.token)
    with Exporter(dataflow) as it:
        assert it.export(kit.profiles(1)).activated == 1


@pytest.mark.parametrize("token", [None, "", Secret("")])
def test_without_a_token_nothing_is_sent(dataflow, monkeypatch, token):
    monkeypatch.delenv("QUALTRICS_API_TOKEN", raising=False)
    with pytest.raises(MissingTokenError, match="QUALTRICS_API_TOKEN"):
        Exporter(dataflow, token=token)


@pytest.mark.parametrize("act", ["resume", "replay_failed", "report"])
def test_there_is_nothing_to_go_on_with_before_an_export(exporter, act):
    with pytest.raises(ConfigurationError, match="nothing was ever exported"):
        getattr(exporter(), act)()


def test_a_wrong_transport_lets_go_of_the_outbox(dataflow, kit, tmp_path):
    path = tmp_path / "o.sqlite"
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="transport"):
            Exporter(dataflow, token=kit.token, outbox=path, transport="pigeon")


def test_an_outbox_file_remembers_across_exporters(server, dataflow, kit, tmp_path):
    path = tmp_path / "o.sqlite"
    for expected in ((3, 0, 0, 0, 0), (0, 3, 0, 0, 0)):
        with Exporter(dataflow, token=kit.token, outbox=path, policy=LOSSLESS) as it:
            assert counts(it.export(kit.profiles(3))) == expected
    assert kit.token.encode() not in path.read_bytes()


def test_an_interrupted_source_goes_on_where_it_was_left(server, dataflow, kit, tmp_path):
    path, source = tmp_path / "o.sqlite", {"files": ["p.jsonl"]}
    server.always(kit.refusal(404))
    with Exporter(dataflow, token=kit.token, outbox=path) as it, pytest.raises(ExportStoppedError):
        it.export(kit.profiles(600), source=source)
    server.always(kit.answer())
    with Exporter(dataflow, token=kit.token, outbox=path, calls_per_minute=None) as it:
        report = it.export(kit.profiles(600), source=source)
    assert counts(report) == (600, 0, 0, 0, 0)
    assert report.profiles_received == 600


def test_why_a_run_stopped_is_true_no_more_once_it_goes_on(server, dataflow, kit, tmp_path):
    path, seen = tmp_path / "o.sqlite", []

    def look(event: events.Event) -> None:
        if isinstance(event, events.ProgressMade):
            with Outbox(path, writable=False) as reader:
                seen.append(reader.last_run().stopped_because)

    server.always(kit.refusal(401))
    with Exporter(dataflow, token=kit.token, outbox=path) as it, pytest.raises(ExportStoppedError):
        it.export(kit.profiles(5))
    server.always(kit.answer())
    with Exporter(dataflow, token=kit.token, outbox=path, subscribers=[look]) as it:
        assert "401" in it.report().stopped_because
        assert it.resume().stopped_because is None
    assert set(seen) == {None}


def test_resume_reads_the_source_to_its_end(server, dataflow, kit, tmp_path):
    path, source = tmp_path / "o.sqlite", {"files": ["p.jsonl"]}
    server.always(kit.refusal(404))
    with Exporter(dataflow, token=kit.token, outbox=path) as it, pytest.raises(ExportStoppedError):
        it.export(kit.profiles(600), source=source)
    server.always(kit.answer())
    with Exporter(dataflow, token=kit.token, outbox=path, calls_per_minute=None) as it:
        assert counts(it.resume()) == (256, 0, 0, 0, 0)
        assert it.report().status == "Interrupted"
        assert counts(it.resume(kit.profiles(600))) == (600, 0, 0, 0, 0)
        assert it.resume(kit.profiles(600)).status == "Completed"


def test_nothing_shows_a_secret(exporter, kit):
    shown = repr(exporter(policy=ADOBE_BEST_EFFORT))
    assert shown.endswith("policy='adobe-best-effort')")
    assert kit.token not in shown
    assert "dave" not in shown


def test_a_closed_exporter_says_so(exporter, kit):
    it = exporter()
    it.close()
    it.close()
    with pytest.raises(ConfigurationError, match="closed"):
        it.export(kit.profiles(1))
