"""What ends an export before its last message, and going on with it."""

import datetime as dt
from collections.abc import Iterator

import pytest

from sender import LOSSLESS, Exporter, events
from sender.clock import VirtualClock
from sender.delivery import profile_intake, send_queue
from sender.errors import ConfigurationError, ExportStoppedError, SourceChangedError
from sender.outbox import Outbox
from sender.transport.base import Completed
from sender.transport.factory import TRANSPORTS
from sender.transport.outcomes import Answered


def test_failed_messages_can_be_replayed_by_error_code(server, exporter, kit, counts):
    server.script = lambda number, seen: kit.refusal(
        413 if b"Name3" in seen.body else 422, "BIG" if b"Name3" in seen.body else "ODD"
    )
    it = exporter()
    assert counts(it.export(kit.profiles(5))) == (0, 0, 5, 0, 0)
    server.always(kit.answer())
    assert counts(it.replay_failed("BIG")) == (1, 0, 4, 0, 0)
    assert counts(it.replay_failed()) == (5, 0, 0, 0, 0)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_hopeless_answer_stops_the_export_and_keeps_everything(
    server, exporter, kit, transport, counts
):
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


class LateTransport:
    """Breaks the first export off, and hands its attempts over together with the next ones."""

    slots = 4

    def __init__(self) -> None:
        self.submitted = []
        self.is_broken = True

    def submit(self, message):
        self.submitted.append(message)

    def completed(self, timeout_seconds):
        if self.is_broken:
            self.is_broken = False
            raise KeyboardInterrupt
        ended, self.submitted = self.submitted, []
        return [Completed(message, Answered(200), 0.0) for message in ended]

    def close(self):
        """Nothing is open."""


def test_an_attempt_of_an_export_that_broke_does_not_stand_for_the_next_one(exporter, kit):
    it = exporter(transport=LateTransport())
    with pytest.raises(KeyboardInterrupt):
        it.export(kit.profiles(4))
    report = it.resume()
    assert (report.activated, report.pending, report.uncertain_attempts) == (4, 0, 4)


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


@pytest.mark.parametrize("act", ["resume", "replay_failed", "report"])
def test_there_is_nothing_to_go_on_with_before_an_export(exporter, act):
    with pytest.raises(ConfigurationError, match="nothing was ever exported"):
        getattr(exporter(), act)()


def test_an_outbox_file_remembers_across_exporters(server, dataflow, kit, tmp_path, counts):
    path = tmp_path / "o.sqlite"
    for expected in ((3, 0, 0, 0, 0), (0, 3, 0, 0, 0)):
        with Exporter(dataflow, token=kit.token, outbox=path, policy=LOSSLESS) as it:
            assert counts(it.export(kit.profiles(3))) == expected
    assert kit.token.encode() not in path.read_bytes()


def test_an_interrupted_source_goes_on_where_it_was_left(server, dataflow, kit, tmp_path, counts):
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
                seen.append(reader.runs.last().stopped_because)

    server.always(kit.refusal(401))
    with Exporter(dataflow, token=kit.token, outbox=path) as it, pytest.raises(ExportStoppedError):
        it.export(kit.profiles(5))
    server.always(kit.answer())
    with Exporter(dataflow, token=kit.token, outbox=path, subscribers=[look]) as it:
        assert "401" in it.report().stopped_because
        assert it.resume().stopped_because is None
    assert set(seen) == {None}


def test_resume_reads_the_source_to_its_end(server, dataflow, kit, tmp_path, counts):
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


@pytest.mark.parametrize("years_ahead", [0, 10])
def test_a_clock_that_was_set_back_makes_nobody_wait(
    server, dataflow, kit, tmp_path, counts, years_ahead
):
    path, today = tmp_path / "o.sqlite", dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    wrong = VirtualClock(today + dt.timedelta(hours=5, days=366 * years_ahead))
    server.always(kit.refusal(503))
    with Exporter(dataflow, token=kit.token, outbox=path, clock=wrong) as it:
        server.script = lambda number, seen: it.stop() or kit.refusal(503)
        with pytest.raises(ExportStoppedError):
            it.export(kit.profiles(1))
    server.always(kit.answer())
    right = VirtualClock(today)
    with Exporter(dataflow, token=kit.token, outbox=path, clock=right) as it:
        assert counts(it.resume()) == (1, 0, 0, 0, 0)
    assert right.monotonic() <= LOSSLESS.retries.longest_seconds


def test_profiles_that_can_be_iterated_once_are_asked_for_again_when_they_changed(
    server, kit, exporter, counts, monkeypatch
):
    monkeypatch.setattr(profile_intake, "BATCH_ROWS", 5)
    monkeypatch.setattr(send_queue, "ROOM_BELOW", 1)
    it, source = exporter(workers=1), {"table": "people"}
    people = kit.profiles(8)
    server.always(kit.refusal(401))
    with pytest.raises(ExportStoppedError):
        it.export(iter(people), source=source)
    server.always(kit.answer())
    with pytest.raises(SourceChangedError, match=r"before row 6.*all are read anew: pass them"):
        it.export(iter(people[::-1]), source=source)
    assert counts(it.export(iter(people[::-1]), source=source)) == (8, 5, 0, 0, 0)
    assert len({seen.body for seen in server.seen}) == 8


def test_resuming_with_other_profiles_sends_nothing_and_says_so(server, kit, exporter, monkeypatch):
    monkeypatch.setattr(profile_intake, "BATCH_ROWS", 5)
    monkeypatch.setattr(send_queue, "ROOM_BELOW", 1)
    it = exporter(workers=1)
    server.always(kit.refusal(401))
    with pytest.raises(ExportStoppedError):
        it.export(kit.profiles(8), source={"table": "people"})
    calls = len(server.seen)
    with pytest.raises(SourceChangedError, match="export it anew") as refused:
        it.resume(kit.profiles(8, first=1))
    assert (refused.value.rows_read, len(server.seen)) == (5, calls)
