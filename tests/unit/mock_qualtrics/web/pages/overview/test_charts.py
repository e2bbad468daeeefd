"""From steps of minutes to charts."""

from mock_qualtrics.clock import parse_instant
from mock_qualtrics.histograms import Histogram, bucket_of
from mock_qualtrics.journal.minutes.minute_steps import MinuteStep
from mock_qualtrics.web.pages.overview import charts

START = parse_instant("2026-01-01T10:00:00Z")
MINUTE = 60_000_000


def steps(*latencies: int, minutes: int = 1) -> list[MinuteStep]:
    return [
        MinuteStep(
            START + place * minutes * MINUTE,
            minutes,
            accepted=3,
            refused=place,
            latency=Histogram({bucket_of(latency): 1} if latency else {}),
        )
        for place, latency in enumerate(latencies)
    ]


def test_a_chart_of_counts_says_its_sums_and_has_a_column_for_each_step():
    chart = charts.counts_chart("calls", "Calls", steps(0, 0, 0), ("accepted", "refused"))
    assert chart.says == "9 accepted, 3 refused"
    assert [dict(column.numbers) for column in chart.columns][2] == {
        "accepted": "3",
        "refused": "2",
    }
    assert [len(column.bars) for column in chart.columns] == [1, 2, 2]
    assert [tick.text for tick in chart.ticks][-1] == "6"
    assert [label.text for label in chart.labels] == ["10:00", "10:01", "10:02"]
    assert not chart.is_empty


def test_more_than_a_day_has_dates_below():
    chart = charts.counts_chart("calls", "Calls", steps(0, 0, minutes=1_440), ("accepted",))
    assert [label.text for label in chart.labels] == ["01-01", "01-02"]


def test_a_chart_of_spans_is_in_milliseconds_below_a_second():
    fast = charts.spans_chart("latency", "L", steps(20_000, 40_000), lambda step: step.latency)
    assert fast.ticks[-1].text.endswith(" ms")
    assert fast.says.endswith(" ms")
    slow = charts.spans_chart("latency", "L", steps(4_000_000), lambda step: step.latency)
    assert slow.ticks[-1].text.endswith(" s")
    none = charts.spans_chart("latency", "L", steps(0), lambda step: step.latency)
    assert (none.is_empty, none.says) == (True, "nothing yet")
    assert none.columns[0].numbers == {"p50": "–", "p95": "–", "p99": "–"}
