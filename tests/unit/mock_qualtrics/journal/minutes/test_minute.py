"""A minute counts as the totals do, takes back what is not stored, and reads what it wrote."""

from mock_qualtrics.histograms import SpanCounts, bucket_of
from mock_qualtrics.journal.minutes.minute import COUNTS, HISTOGRAMS, Minute
from mock_qualtrics.store.schema import minutes


def test_its_rows_have_the_order_of_the_table():
    columns = tuple(minutes.c.keys())
    assert columns == ("tenant_number", "minute", *COUNTS, *HISTOGRAMS)
    values = [1, 2, *range(10, 19), *(SpanCounts({n: n + 1}) for n in (1, 3, 5))]
    minute = Minute(*values)
    assert minute.to_row() == (*values[:-3], "1:2", "3:4", "5:6")
    assert Minute.from_row(minute.to_row()) == minute


def test_a_run_that_failed_to_start_has_no_delay_and_no_duration():
    minute = Minute(1, 0)
    minute.count_end(5, None, 30, succeeded=False)
    assert (minute.succeeded, minute.failed, minute.to_row()[-3:]) == (0, 1, ("", "", ""))


def test_a_run_counts_with_its_delay_and_its_duration_until_it_is_taken_back():
    minute = Minute(1, 0)
    minute.count_end(5, 1_005, 3_005, succeeded=True)
    assert (minute.succeeded, minute.delay.counts) == (1, {bucket_of(1_000): 1})
    assert minute.duration.counts == {bucket_of(2_000): 1}
    minute.count_end(5, 1_005, 3_005, succeeded=True, times=-1)
    assert minute.to_row() == Minute(1, 0).to_row()
