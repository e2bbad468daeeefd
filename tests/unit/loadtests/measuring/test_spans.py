import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.measuring.spans import LONGEST_US, Spans, new_histogram, percentile_us

SPANS = st.integers(0, LONGEST_US)


def counted(*spans_us: int):
    spans = Spans()
    for span_us in spans_us:
        spans.record(span_us)
    return spans


@given(SPANS)
def test_a_span_counts_where_the_library_counts_it(span_us):
    assert [*counted(span_us).counts] == [new_histogram().get_lowest_equivalent_value(span_us)]


@given(st.lists(SPANS, min_size=1, max_size=50), st.sampled_from([50, 95, 99, 99.9, 100]))
def test_percentiles_are_those_of_the_library(spans_us, percentile):
    histogram = new_histogram()
    for span_us in spans_us:
        histogram.record_value(span_us)
    assert counted(*spans_us).percentile_us(percentile) == percentile_us(histogram, percentile)


def test_a_percentile_is_at_most_a_thousandth_too_long():
    found = counted(*range(1, 1_000_001, 1_000)).percentile_us(50)
    assert 499_001 <= found <= 499_001 * 1.001


def test_without_spans_there_is_no_percentile():
    assert Spans().percentile_us(99) is None


def test_more_than_an_hour_counts_as_an_hour_and_is_told_apart():
    spans = counted(LONGEST_US, LONGEST_US + 1, 10 * LONGEST_US)
    assert (spans.total, len(spans.counts), spans.clamped) == (3, 1, 2)


def test_a_span_below_zero_counts_as_none_at_all():
    spans = counted(-5)
    assert (spans.counts, spans.clamped) == ({0: 1}, 0)


@pytest.mark.parametrize("other", [(), (3, 5_000), (LONGEST_US + 1,)])
def test_merged_spans_are_those_of_both(other):
    merged = counted(3, 70)
    merged.merge(Spans.unpacked(counted(*other).packed()))
    both = counted(3, 70, *other)
    assert (merged.counts, merged.clamped) == (both.counts, both.clamped)
