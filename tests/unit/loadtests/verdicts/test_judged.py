from types import SimpleNamespace

import pytest

from loadtests.measuring import Call, Measurements, Spans
from loadtests.verdicts import Figures, Judged, Threshold, judged

SECOND = 1_000_000


def counted(*calls: Call):
    measured = Measurements(1.0)
    for call in calls:
        measured.add(call)
    return measured.counted


TEN = counted(
    *(Call(number, 1, 0, 0, 2 * SECOND, 202, "delivered") for number in range(8)),
    Call(8, 1, 0, 0, 4 * SECOND, 429, "dropped"),
    Call(9, 1, 0, 0, 4 * SECOND, 0, "uncertain"),
)


def end_to_end():
    spans = Spans()
    spans.record(3 * SECOND)
    return spans


JOURNAL = SimpleNamespace(lost=1, duplicates=2, runs_succeeded_ratio=0.5, end_to_end=end_to_end())


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("p50_ms", 2_000),
        ("max_ms", 4_000),
        ("error_ratio", 0.2),
        ("accepted_per_second", 2.0),
        ("lost", 1),
        ("duplicates", 2),
        ("runs_succeeded_ratio", 0.5),
        ("end_to_end_p95_seconds", 3.0),
    ],
)
def test_each_metric_is_found(metric, expected) -> None:
    found = Figures(TEN, JOURNAL).of(Threshold(metric, "<", 1.0))
    assert found == pytest.approx(expected, rel=0.001)


def test_without_a_journal_what_may_be_lost_counts_as_lost() -> None:
    assert Figures(TEN).of(Threshold("lost", "==", 0.0)) == 2


@pytest.mark.parametrize("text", ["p95_ms<1", "lost==0", "duplicates==0", "error_ratio<1"])
def test_what_nothing_tells_counts_as_missed(text) -> None:
    no_message = SimpleNamespace(lost=0, duplicates=0)
    (one,) = judged([Threshold.parse(text)], Figures(counted(), no_message))
    assert not one.met
    assert "nothing tells it" in one.sentence


@pytest.mark.parametrize(("found", "met"), [(249.0, True), (250.0, False)])
def test_a_limit_is_compared_as_it_is_typed(found, met) -> None:
    one = Judged(Threshold.parse("p95_ms<250"), found)
    assert one.met is met
    assert one.sentence == f"p95_ms<250: {'met' if met else 'missed'}, found {found:g}"
