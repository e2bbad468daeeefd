"""When a lossless export will end, by the minute and by the day."""

import datetime as dt

import pytest

from sender.day_limit import DayLimit
from sender.reporting.estimate import expected_end

NOW = 1_700_006_400.0
HOUR = 3600.0


def hours(messages: int, minute: float | None, per_day: int | None, used: int = 0) -> float:
    counted = [(int(NOW // 60), used)] if used else []
    delivery = {"callsPerMinute": minute, "callsPerDay": per_day}
    day = DayLimit(per_day, counted, NOW)
    end = expected_end(messages, delivery, day, NOW, rows_are_known=True)
    return (end.at - dt.datetime.fromtimestamp(NOW, dt.UTC)).total_seconds() / HOUR


@pytest.mark.parametrize(
    ("messages", "minute", "per_day", "used", "expected"),
    [
        (180_000, 3_000, 300_000, 0, 1.0),
        (180_000, 3_000, None, 0, 1.0),
        (1_000, None, None, 0, 0.0),
        (1_000_000, 3_000, 300_000, 0, 3 * 25 + 0.5),
        (180_000, 3_000, 300_000, 300_000, 25 + 1),
        (180_000, None, 100_000, 0, 25),
        (10, 0.5, 300_000, 0, 1 / 3),
    ],
)
def test_the_end_follows_from_the_messages_the_rate_and_the_day(
    messages, minute, per_day, used, expected
):
    assert hours(messages, minute, per_day, used) == pytest.approx(expected, abs=0.8)
    assert hours(messages, minute, per_day, used) >= expected * 0.99


@pytest.mark.parametrize(
    ("messages", "minute", "per_day"),
    [(20, 1e-300, None), (20, 1e-9, 300_000)],
)
def test_an_end_after_the_last_year_is_told_as_its_last_second(messages, minute, per_day):
    delivery = {"callsPerMinute": minute, "callsPerDay": per_day}
    day = DayLimit(per_day, [], NOW)
    end = expected_end(messages, delivery, day, NOW, rows_are_known=True)
    assert end.to_mapping()["at"] == "9999-12-31T23:59:59.000000Z"


def test_the_basis_is_said_in_words():
    delivery = {"callsPerMinute": 3_000, "callsPerDay": 300_000}
    day = DayLimit(300_000, [(int(NOW // 60), 299_988)], NOW)
    end = expected_end(700_000, delivery, day, NOW, rows_are_known=False)
    assert end.basis() == (
        "about 700,000 messages, rows not read yet left out, 3,000 calls a minute, "
        "300,000 a day, 12 of them left now"
    )
    unlimited = expected_end(5, {}, DayLimit(None, [], NOW), NOW, rows_are_known=True)
    assert unlimited.basis() == "about 5 messages"
