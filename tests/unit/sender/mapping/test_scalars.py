"""How instants are written in a message."""

import datetime as dt

import pytest

from sender.mapping.scalars import utc_text


@pytest.mark.parametrize(
    ("given", "exported"),
    [
        ("2023-09-05T10:43:55.602687Z", "2023-09-05T10:43:55.602687Z"),
        ("2023-09-05T10:43:55Z", "2023-09-05T10:43:55.000000Z"),
        ("2023-09-05T10:43:55.6Z", "2023-09-05T10:43:55.600000Z"),
        ("2023-09-05T12:43:55.602687+02:00", "2023-09-05T10:43:55.602687Z"),
        ("2023-W36-2T10:43:55.602687Z", "2023-09-05T10:43:55.602687Z"),
        ("2023-09-05 10:43:55", "2023-09-05T10:43:55.000000Z"),
        ("2023-09-05", "2023-09-05T00:00:00.000000Z"),
        (dt.datetime(2023, 9, 5, 10, tzinfo=dt.UTC), "2023-09-05T10:00:00.000000Z"),
        ("2023-13-05T10:43:55.602687Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        ("2016-12-31T23:59:60Z", None),
        (1693910635, None),
        (None, None),
    ],
)
def test_instants_are_written_in_utc_with_microseconds(given: object, exported: object):
    assert utc_text(given) == exported
