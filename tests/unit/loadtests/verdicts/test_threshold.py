import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.verdicts import Threshold, ThresholdError
from loadtests.verdicts.threshold import COMPARISONS, PLAIN_METRICS

METRICS = (*PLAIN_METRICS, "p50_ms", "p99.9_ms", "p100_ms", "end_to_end_p95_seconds")


@given(
    st.sampled_from(METRICS),
    st.sampled_from(sorted(COMPARISONS)),
    st.floats(0, 1e9, allow_subnormal=False),
)
def test_a_threshold_is_the_same_when_it_is_typed_again(metric, comparison, limit) -> None:
    most = 1.0 if metric.endswith("_ratio") else limit
    once = Threshold(metric, comparison, float(f"{min(limit, most):.15g}"))
    assert Threshold.parse(once.text) == once


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("p95_ms < 250", "p95_ms<250"),
        ("lost=0", "lost==0"),
        ("error_ratio<1%", "error_ratio<0.01"),
        (" accepted_per_second >= 1e3 ", "accepted_per_second>=1000"),
    ],
)
def test_what_people_type_is_understood(text, same) -> None:
    assert Threshold.parse(text).text == same


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a metric, one of < <= > >= ==, and a number"),
        ("p95_ms", "found 'p95_ms', expected a metric"),
        ("p95<250", "did you mean p95_ms"),
        ("p95_seconds<1", "did you mean"),
        ("end_to_end_p95_ms<1", "did you mean end_to_end_p95_seconds"),
        ("p101_ms<1", "expected p95_ms"),
        ("p0_ms<1", "expected p95_ms"),
        ("losses==0", "did you mean lost"),
        ("lost==none", "found 'none', expected a number"),
        ("lost==nan", "expected a number from 0 on"),
        ("lost>-1", "expected a number from 0 on"),
        ("error_ratio<5", "found '5', expected a ratio, 0 to 1, or 0% to 100%"),
        ("runs_succeeded_ratio>=101%", "found '101%', expected a ratio"),
        ("p95_ms<5%", "found '5%', expected a number"),
        ("lost==0 and duplicates==0", "expected a metric"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_was_expected(text, message) -> None:
    with pytest.raises(ThresholdError, match=f"^--threshold.*{message}"):
        Threshold.parse(text)


def test_only_some_thresholds_need_a_journal() -> None:
    needing = [text for text in METRICS if Threshold(text, "<", 1.0).needs_journal]
    assert needing == ["runs_succeeded_ratio", "duplicates", "end_to_end_p95_seconds"]
