"""Spans of time in words."""

import pytest

from mock_qualtrics.web.pages.spans import span_text

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (0, "0 ms"),
        (5_400, "5.4 ms"),
        (123_456, "123 ms"),
        (SECOND, "1 s"),
        (59 * SECOND + 900_000, "59.9 s"),
        (MINUTE, "1 min"),
        (90 * SECOND, "1 min 30 s"),
        (HOUR + 5 * MINUTE, "1 h 5 min"),
        (2 * DAY + 3 * HOUR + MINUTE, "2 d 3 h"),
    ],
)
def test_a_span_has_its_two_largest_units(span, text):
    assert span_text(span) == text
