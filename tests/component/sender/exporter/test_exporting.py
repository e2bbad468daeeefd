"""The exporter, as a library, against a real server."""

import threading

import pytest

from contracts import validate
from contracts.secret import Secret
from sender import ADOBE_BEST_EFFORT, Exporter, events
from sender.clock import VirtualClock
from sender.errors import ConfigurationError, MissingTokenError
from sender.transport.factory import TRANSPORTS


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_every_profile_arrives_once(server, exporter, kit, transport, counts):
    report = exporter(transport=transport).export(kit.profiles(1000))
    assert counts(report) == (1000, 0, 0, 0, 0)
    assert sorted(body["firstName"] for body in server.bodies) == sorted(
        f"Name{n}" for n in range(1000)
    )
    assert len({seen.headers["x-trace-id"] for seen in server.seen}) == 1000
    assert validate(report.to_mapping(), "report") == []


def test_no_profiles_are_an_export_too(exporter, counts):
    report = exporter().export([])
    assert (counts(report), report.activation_rate, report.status) == (
        (0, 0, 0, 0, 0),
        None,
        "Completed",
    )
    assert validate(report.to_mapping(), "report") == []


def test_a_second_export_sends_only_what_changed(server, exporter, kit, counts):
    it = exporter()
    it.export(kit.profiles(5))
    changed = [*kit.profiles(4), kit.profiles(1, first=4)[0] | {"firstName": "Other"}]
    report = it.export(changed)
    assert counts(report) == (1, 4, 0, 0, 0)
    assert server.bodies[-1]["firstName"] == "Other"
    assert report.exclusions[0].reason == "nothing changed since the last export"


def test_a_profile_that_comes_twice_is_sent_once(server, exporter, kit, counts):
    report = exporter().export(kit.profiles(2) * 2)
    assert counts(report) == (2, 2, 0, 0, 0)


def test_excluded_profiles_and_broken_rows_are_counted_apart(exporter, kit, counts):
    hashed = {"_id": "x", "identityMap": {"Email": [{"id": "a" * 64}]}}
    it = exporter()
    report = it.export([*kit.profiles(1), {"_id": "y"}, hashed, "no profile", 5])
    assert counts(report) == (1, 2, 0, 0, 0)
    assert report.profiles_received == 3
    assert report.broken_rows == 2
    assert it.broken_rows()[0] == ("profiles", 4, "a str; expected a mapping")
    assert not report.all_well


def test_what_may_be_retried_is_sent_again_with_the_same_trace_id(server, exporter, kit, counts):
    server.answers(kit.refusal(500), kit.refusal(503))
    report = exporter(workers=1, clock=VirtualClock()).export(kit.profiles(1))
    assert counts(report) == (1, 0, 0, 0, 0)
    assert len(server.seen) == 3
    assert len({seen.headers["x-trace-id"] for seen in server.seen}) == 1


def test_a_refused_message_fails_and_the_rest_goes_on(server, exporter, kit, counts):
    server.script = lambda number, seen: (
        kit.refusal(413, "TOO_BIG") if b"Name3" in seen.body else kit.answer()
    )
    report = exporter().export(kit.profiles(10))
    assert counts(report) == (9, 0, 1, 0, 0)
    assert [(f.error_code, f.count) for f in report.failures] == [("TOO_BIG", 1)]


def test_a_number_that_cannot_be_written_stops_nobody_else(server, exporter, kit):
    good, bad, other = kit.profiles(3)
    huge = 10**5_000
    report = exporter().export([good, {**bad, "_id": huge}, {**other, "person": {"name": huge}}])
    assert (report.profiles_received, report.activated + report.excluded) == (3, 3)
    assert len(server.bodies) == report.activated >= 1


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


def test_threads_that_share_an_exporter_take_turns(server, exporter, kit, counts):
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


def test_a_wrong_transport_lets_go_of_the_outbox(dataflow, kit, tmp_path):
    path = tmp_path / "o.sqlite"
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="transport"):
            Exporter(dataflow, token=kit.token, outbox=path, transport="pigeon")


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
