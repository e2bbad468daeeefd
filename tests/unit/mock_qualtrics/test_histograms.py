"""Spans of time are counted in buckets, from which percentiles are read to 9 %."""

import pytest

from mock_qualtrics.histograms import (
    Histogram,
    SpanCounts,
    bucket_of,
    counts_in,
    seconds_of,
)

SPANS = (1, 2, 3, 250, 999, 200_000, 2_000_000, 86_400_000_000, 10**15)


@pytest.mark.parametrize("span", SPANS)
def test_what_is_read_from_a_bucket_is_at_most_9_percent_off(span):
    assert seconds_of(bucket_of(span)) == pytest.approx(span / 1e6, rel=0.0906)


def test_no_span_at_all_has_a_bucket_of_its_own():
    assert [bucket_of(span) for span in (-1, 0, 1)] == [0, 0, 1]
    assert seconds_of(0) == 0


def test_buckets_are_what_stored_minutes_have():
    assert [bucket_of(span) for span in SPANS] == [1, 5, 7, 32, 40, 71, 84, 146, 200]


def test_a_longer_span_is_never_in_an_earlier_bucket():
    buckets = [bucket_of(span) for span in range(5_000)]
    assert buckets == sorted(buckets)


def test_texts_that_are_joined_add_up():
    first, second = SpanCounts({3: 2, 40: 1}).to_text(), SpanCounts({40: 5}).to_text()
    assert counts_in(f"{first} {second} {first}") == {3: 4, 40: 7}
    assert counts_in("") == {}


def test_a_text_is_that_of_the_counts_as_they_are_now():
    counts = SpanCounts()
    assert counts.to_text() == ""
    counts.count(9)
    counts.count(9)
    assert counts.to_text() == f"{bucket_of(9)}:2"
    counts.count(9, -2)
    assert counts.to_text() == ""


@pytest.mark.parametrize(
    ("share", "bucket"), [(0.01, 4), (0.5, 4), (0.51, 60), (0.95, 60), (0.99, 80), (1, 80)]
)
def test_a_percentile_is_the_span_that_so_many_do_not_exceed(share, bucket):
    histogram = Histogram({4: 50, 60: 45, 80: 5})
    assert histogram.total == 100
    assert histogram.percentile(share) == seconds_of(bucket)


def test_nothing_has_no_percentiles():
    assert Histogram().percentile(0.5) is None
