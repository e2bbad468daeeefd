import json
import random

from hypothesis import given
from hypothesis import strategies as st

from loadtests.measuring import NO_ANSWER, Call, Measurements

SECOND = 1_000_000
LONG = 5_000 * SECOND

CALLS = st.lists(
    st.builds(
        Call,
        number=st.integers(0, 5),
        attempt=st.integers(1, 3),
        intended_us=st.integers(0, LONG),
        sent_us=st.integers(0, LONG),
        answered_us=st.integers(0, LONG),
        status=st.sampled_from([NO_ANSWER, 202, 429, 504]),
        ending=st.sampled_from(["", "delivered", "dropped", "uncertain"]),
    ),
    max_size=30,
)


def figures(measured: Measurements) -> object:
    timeline = measured.timeline
    bins = {place: (sorted_pack(each.packed())) for place, each in timeline.bins.items()}
    tallies = [sorted_pack(each.packed()) for each in (measured.counted, measured.warm_up)]
    return tallies, timeline.width_us, bins, measured.unsent, measured.processor


def sorted_pack(packed: object) -> object:
    return json.dumps(sort_deep(packed))


def sort_deep(value: object) -> object:
    if isinstance(value, list | tuple):
        return sorted((sort_deep(each) for each in value), key=json.dumps)
    return value


@given(CALLS, st.integers(1, 4), st.randoms(use_true_random=False))
def test_what_workers_report_adds_up_to_what_one_would_have_seen(calls, workers, rng) -> None:
    alone, merged = Measurements(1.0), Measurements(1.0)
    parts = [Measurements(1.0) for _ in range(workers)]
    reports = []
    for call in calls:
        alone.add(call)
        part = parts[call.number % workers]
        part.add(call)
        if rng.random() < 0.3:
            reports.append(part.taken())
    reports += [part.taken() for part in parts]
    rng.shuffle(reports)
    for report in reports:
        merged.merge(json.loads(json.dumps(report)))
    assert figures(merged) == figures(alone)


def test_what_arrives_in_the_warm_up_counts_apart_with_its_retries() -> None:
    measured = Measurements(1.0, warm_up_us=10)
    measured.add(Call(0, 1, 9, 9, 20, 429, ""))
    measured.add(Call(1, 1, 10, 10, 20, 202, "delivered"))
    measured.add(Call(0, 2, 500, 500, 510, 429, "dropped"))
    assert (measured.warm_up.calls, measured.warm_up.dropped) == (2, 1)
    assert (measured.counted.calls, measured.counted.delivered) == (1, 1)


def test_percentiles_are_those_of_all_spans_to_a_thousandth() -> None:
    rng = random.Random(7)
    measured = Measurements(1.0)
    spans = sorted(rng.randrange(1, 2 * SECOND) for _ in range(2_000))
    for number, span in enumerate(spans):
        measured.add(Call(number, 1, 0, 0, span, 202, "delivered"))
    for percentile in (50, 95, 99, 100):
        exact = spans[-(-percentile * len(spans) // 100) - 1]
        found = measured.counted.latency.percentile_us(percentile)
        assert found is not None
        assert exact <= found <= exact * 1.001 + 1


def test_a_message_is_lost_for_certain_only_if_no_call_of_it_may_have_been_taken() -> None:
    measured = Measurements(1.0)
    measured.add(Call(0, 1, 0, 0, 1, NO_ANSWER, ""))
    measured.add(Call(0, 2, 2, 2, 3, 429, "dropped"))
    measured.add(Call(1, 1, 0, 0, 1, 429, "dropped"))
    assert measured.counted.certainly_lost == 1
    assert measured.counted.dropped == 2


def test_a_run_of_hours_has_no_more_bins_than_a_short_one() -> None:
    measured = Measurements(1.0)
    for hour in range(24):
        at = hour * 3_600 * SECOND
        measured.add(Call(hour, 1, at, at, at + 1, 202, "delivered"))
    assert len(measured.timeline.filled()) <= 720
    assert sum(each.arrivals for each in measured.timeline.filled()) == 24


def test_the_backlog_is_what_was_due_and_not_answered() -> None:
    measured = Measurements(1.0)
    measured.add(Call(0, 1, 0, 0, int(2.5 * SECOND), 202, "delivered"))
    measured.add(Call(1, 1, SECOND, SECOND, SECOND + 1, 202, "delivered"))
    assert measured.timeline.backlog() == (1, 1, 0)
