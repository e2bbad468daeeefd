"""Which span of time an address names."""

import pytest

from mock_qualtrics.clock import FIRST_INSTANT, parse_instant
from mock_qualtrics.web.control.inputs import BadRequestError
from mock_qualtrics.web.pages.overview.time_spans import CHOICES, read_span

NOW = parse_instant("2026-01-02T00:00:00Z")
HOUR = 3_600_000_000


def test_by_default_it_is_the_last_hour():
    span = read_span({}, NOW)
    assert (span.last, span.first, span.end, span.is_now) == ("1h", NOW - HOUR, NOW, True)


@pytest.mark.parametrize("last", CHOICES)
def test_every_choice_can_be_read(last):
    assert read_span({"last": last}, NOW).last == last


def test_an_earlier_one_does_not_move_on_and_none_ends_later_than_now():
    span = read_span({"last": "6h", "before": "2026-01-01T10:00"}, NOW)
    assert (span.end, span.is_now) == (parse_instant("2026-01-01T10:00:00Z"), False)
    assert read_span({"before": "2027-01-01"}, NOW).end == NOW
    assert read_span({"last": "999999999d"}, FIRST_INSTANT + 5).first == FIRST_INSTANT


@pytest.mark.parametrize(
    "query", [{"last": "long"}, {"last": "0m"}, {"last": "2026-01-01"}, {"before": "10m"}]
)
def test_anything_else_is_refused_with_what_was_expected(query):
    with pytest.raises(BadRequestError, match=r"found '.*', expected an"):
        read_span(query, NOW)
