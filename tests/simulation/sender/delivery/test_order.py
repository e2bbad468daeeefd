"""Two messages of one profile: which goes out first; and rows that come in one by one."""

from collections.abc import Iterator

import pytest

from sender import ADOBE_BEST_EFFORT, LOSSLESS
from sender.delivery.row_batches import Row
from sender.errors import ExportStoppedError
from sender.outbox.records import StoredMessage
from sender.profiles import NOTHING_YET
from sender.transport.outcomes import Answered


def profile(number, *more_addresses: str):
    ids = [f"p{number}@example.com", *more_addresses]
    return {"_id": str(number), "identityMap": {"Email": [{"id": one} for one in ids]}}


def in_order_of_arrival(rehearsal):
    """Have the destination write down who was taken; the first tries of old profile 0 fail."""
    taken = []

    def rule(at: float, message: StoredMessage) -> Answered:
        is_old = b"new@" not in message.body and b"p0@" in message.body
        if is_old and at < 5:
            return Answered(503)
        taken.append(message.seq)
        return Answered(200)

    rehearsal.rule = rule
    return taken


CHANGES = [
    profile(0),
    profile(0, "new@example.com"),
    profile(1),
    profile(0, "new@example.com", "newer@example.com"),
    profile(2),
]


def test_a_profile_s_next_message_waits_for_the_one_before_and_no_other_does(rehearsal):
    taken = in_order_of_arrival(rehearsal)
    with rehearsal.exporter(LOSSLESS) as exporter:
        report = exporter.export(CHANGES)
    assert taken == [3, 5, 1, 2, 4]
    assert report.activated == len(CHANGES)


def test_best_effort_keeps_no_order_while_it_retries(rehearsal):
    taken = in_order_of_arrival(rehearsal)
    with rehearsal.exporter(ADOBE_BEST_EFFORT) as exporter:
        exporter.export(CHANGES)
    assert taken == [2, 3, 4, 5, 1]


def test_order_is_kept_by_who_goes_on_with_an_outbox(rehearsal, tmp_path):
    taken = in_order_of_arrival(rehearsal)
    rule, rehearsal.rule = rehearsal.rule, lambda at, message: Answered(401)
    outbox = tmp_path / "o.sqlite"
    with rehearsal.exporter(outbox=outbox) as exporter, pytest.raises(ExportStoppedError):
        exporter.export(CHANGES[:3])
    rehearsal.rule = rule
    with rehearsal.exporter(outbox=outbox) as exporter:
        exporter.export(CHANGES[3:])
    assert taken == [3, 5, 1, 2, 4]


def test_a_message_that_failed_for_good_holds_up_no_other(rehearsal):
    rehearsal.rule = lambda at, message: Answered(413 if message.seq == 1 else 200)
    with rehearsal.exporter() as exporter:
        report = exporter.export(CHANGES[:2])
    assert (report.failed, report.activated) == (1, 1)


def test_a_source_that_has_nothing_yet_delays_nothing(rehearsal):
    sent = rehearsal.transport.sent
    seen = []

    def live() -> Iterator[Row]:
        for number in range(3):
            yield profile(number)
            yield NOTHING_YET
            seen.append(len(sent))

    with rehearsal.exporter(calls_per_minute=None) as exporter:
        report = exporter.export(live())
    assert seen == [1, 2, 3]
    assert report.activated == 3


def test_failed_messages_of_one_profile_are_replayed_once_each_and_in_order(rehearsal):
    rehearsal.rule = lambda at, message: Answered(413)
    with rehearsal.exporter() as exporter:
        assert exporter.export([CHANGES[0], CHANGES[1], CHANGES[3]]).failed == 3
        taken = []

        def take(at: float, message: StoredMessage) -> Answered:
            taken.append(message.seq)
            return Answered(200)

        rehearsal.rule = take
        assert exporter.replay_failed().activated == 3
    assert taken == [1, 2, 3]


def test_many_messages_that_wait_for_one_hold_up_no_other_profile(rehearsal):
    down_until = 1000.0
    rehearsal.rule = lambda at, message: Answered(
        500 if b"p0@" in message.body and at < down_until else 200
    )
    updates = [profile(0, f"{n}@example.com") for n in range(200)]
    others = [profile(n) for n in range(1, 301)]
    with rehearsal.exporter() as exporter:
        report = exporter.export(updates + others)
    assert report.activated == 500
    first_try_of_each = sorted(
        {seq: at for at, seq in reversed(rehearsal.transport.sent_seqs)}.values()
    )
    assert first_try_of_each[300] < 60.0


def test_what_a_later_message_outdated_is_not_replayed(rehearsal):
    rehearsal.rule = lambda at, message: Answered(413 if message.seq < 3 else 200)
    with rehearsal.exporter() as exporter:
        exporter.export([CHANGES[0], CHANGES[1], CHANGES[3], CHANGES[2]])
        rehearsal.rule = lambda at, message: Answered(413 if message.seq == 5 else 200)
        exporter.export([profile(7)])
        rehearsal.rule = lambda at, message: Answered(200)
        replayed = exporter.replay_failed()
    assert [seq for _, seq in rehearsal.transport.sent_seqs] == [1, 2, 3, 4, 5, 5]
    assert replayed.all_well


def test_what_failed_before_is_told_until_it_is_delivered(rehearsal):
    rehearsal.rule = lambda at, message: Answered(413)
    with rehearsal.exporter() as exporter:
        exporter.export([profile(0)])
        rehearsal.rule = lambda at, message: Answered(200)
        again = exporter.export([profile(0)])
        assert (again.failed_before, again.all_well) == (1, False)
        assert exporter.replay_failed().failed_before == 0
        assert exporter.export([profile(0)]).all_well


def test_a_follower_of_a_message_that_fails_for_good_goes_out_after_it(rehearsal):
    rehearsal.rule = lambda at, message: Answered(413 if message.seq == 1 else 200)
    with rehearsal.exporter(calls_per_minute=None) as exporter:
        report = exporter.export(CHANGES[:2])
    assert (report.failed, report.activated) == (1, 1)
