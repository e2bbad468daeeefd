"""A run is given up only for a threshold that no continuation meets, and that it has missed."""

from hypothesis import example, given
from hypothesis import strategies as st

from loadtests.measuring import Call, Measurements
from loadtests.verdicts import Figures, Remaining, Threshold, can_still_be_met

WELL, SLOW = (1_000, 202), (900_000, 202)
CALLS = st.tuples(
    st.sampled_from([1_000, 250_000, 900_000, 5_000_000]), st.sampled_from([202, 429, 504, 0])
)
RUNS = st.lists(st.tuples(CALLS, st.integers(1, 30)), max_size=5).map(
    lambda groups: [call for call, times in groups for _ in range(times)]
)
THRESHOLDS = st.builds(
    Threshold,
    st.sampled_from(["p50_ms", "p95_ms", "max_ms", "error_ratio", "lost", "accepted_per_second"]),
    st.sampled_from(["<", "<=", "==", ">", ">="]),
    st.sampled_from([0.0, 0.2, 0.5, 1.0, 2.0, 20.0, 250.0, 500.0]),
)


def counted(calls):
    seen = Measurements(1.0)
    for number, (latency_us, status) in enumerate(calls):
        ending = {202: "delivered", 429: "dropped"}.get(status, "uncertain")
        seen.add(Call(number, 1, 0, 0, latency_us, status, ending))
    return seen.counted


def meets(calls, threshold):
    found = Figures(counted(calls)).of(threshold)
    return found is not None and threshold.is_met(found)


@given(RUNS, RUNS, st.integers(0, 20), THRESHOLDS)
@example([SLOW], [WELL] * 10, 0, Threshold("p95_ms", "<", 250.0))
def test_nothing_is_given_up_that_some_continuation_meets(so_far, more, others, threshold):
    if meets([*so_far, *more], threshold):
        remaining = Remaining(len(more) + others)
        assert can_still_be_met(threshold, counted(so_far), remaining)


@given(RUNS, st.integers(0, 20), THRESHOLDS)
def test_what_is_given_up_is_missed_by_what_was_measured_until_then(so_far, others, threshold):
    if so_far and not can_still_be_met(threshold, counted(so_far), Remaining(others)):
        assert not meets(so_far, threshold)
