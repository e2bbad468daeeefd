"""Durations are said in their two largest units."""

import pytest

from mock_qualtrics.clock import SECOND
from mock_qualtrics.web.pages.run_details.elapsed import between, duration_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"),
        (0.2, "200 ms"),
        (1, "1 s"),
        (12.34, "12.3 s"),
        (59.99, "60 s"),
        (60, "1 min"),
        (61, "1 min 1 s"),
        (3_600, "1 h"),
        (3_725, "1 h 2 min"),
        (86_400, "1 d"),
        (100_000, "1 d 3 h"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds, text):
    assert duration_text(round(seconds * SECOND)) == text


def test_the_time_between_two_instants_is_never_negative():
    one, other = "2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:00.250000Z"
    assert (between(one, other), between(other, one)) == ("250 ms", "0 ms")
