import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.measuring import Call, Measurements
from loadtests.verdicts import Figures, Remaining, Threshold, can_still_be_met

LATENCIES = st.sampled_from([1_000, 250_000, 900_000])
ONE = st.tuples(LATENCIES, st.sampled_from([(202, "delivered"), (429, "dropped")]))
THRESHOLDS = st.builds(
    Threshold,
    st.sampled_from(["p50_ms", "p95_ms", "max_ms", "error_ratio", "lost", "accepted_per_second"]),
    st.sampled_from(["<", "<=", "==", ">", ">="]),
    st.sampled_from([0.0, 0.2, 0.5, 1.0, 2.0, 250.0, 500.0]),
)


def measured(ones) -> Measurements:
    seen = Measurements(1.0)
    for number, (latency, (status, ending)) in enumerate(ones):
        seen.add(Call(number, 1, 0, 0, latency, status, ending))
    return seen


@given(st.lists(ONE, max_size=12), st.lists(ONE, max_size=12), THRESHOLDS)
def test_it_is_never_given_up_what_some_continuation_meets(so_far, more, threshold) -> None:
    found = Figures(measured([*so_far, *more]).counted).of(threshold)
    if found is not None and threshold.is_met(found):
        remaining = Remaining(len(more))
        assert can_still_be_met(threshold, measured(so_far).counted, remaining)


WELL, LOST, SLOW = (
    (1_000, (202, "delivered")),
    (1_000, (429, "dropped")),
    (900_000, (202, "delivered")),
)


@pytest.mark.parametrize(
    ("text", "so_far", "remaining", "can"),
    [
        ("lost==0", [WELL], 5, True),
        ("lost==0", [LOST], 5, False),
        ("lost<2", [LOST], 5, True),
        ("error_ratio<0.5", [LOST, LOST], 2, False),
        ("error_ratio<0.5", [LOST, LOST], 3, True),
        ("p95_ms<250", [SLOW], 18, False),
        ("p95_ms<250", [SLOW], 19, True),
        ("max_ms<250", [SLOW], 1_000, False),
    ],
)
def test_it_is_given_up_once_nothing_can_save_it(text, so_far, remaining, can) -> None:
    threshold = Threshold.parse(text)
    counted = measured(so_far).counted
    assert can_still_be_met(threshold, counted, Remaining(remaining)) is can
