"""However a run is split over workers, and their reports merged, the figures are the same."""

import random

import msgpack
from hypothesis import given
from hypothesis import strategies as st

from loadtests.measuring.call import Call
from loadtests.measuring.measurements import Measurements

WARM_UP_US = 2_000_000
SPANS_US = st.one_of(st.integers(0, 5_000), st.integers(0, 40_000_000))
STATUSES = st.sampled_from([0, 202, 429, 503, 504])


@st.composite
def messages(draw):
    """Return the calls of each message of a run, by number, in order."""
    times = sorted(draw(st.lists(st.integers(0, 3_000_000_000), max_size=12)))
    return [draw(calls_of(number, at_us)) for number, at_us in enumerate(times)]


@st.composite
def calls_of(draw, number, at_us):
    calls = []
    for attempt in (1, 2, 3):
        late, took, status = draw(SPANS_US), draw(SPANS_US), draw(STATUSES)
        ends = status == 202 or attempt == 3
        ending = ("delivered" if status == 202 else "dropped") if ends else ""
        sent_us = at_us + late
        calls.append(Call(number, attempt, at_us, sent_us, sent_us + took, status, ending))
        if ends:
            return calls
        at_us = sent_us + took + draw(SPANS_US)
    return calls


def figures(measurements):
    """Return all that is known, in an order of its own."""
    return normal(measurements.taken())


def normal(value):
    if isinstance(value, dict):
        return {key: normal(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        pairs = all(isinstance(each, list | tuple) and len(each) == 2 for each in value)
        normed = [normal(each) for each in value]
        return sorted(normed) if pairs and value else normed
    return value


@given(messages(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_merged_reports_say_what_one_that_saw_all_calls_says(calls_by_number, workers, rng):
    in_order = sorted(
        (call for calls in calls_by_number for call in calls), key=lambda call: call.answered_us
    )
    alone = Measurements(0.5, WARM_UP_US)
    reports = []
    generators = [Measurements(0.5, WARM_UP_US) for _ in range(workers)]
    for call in in_order:
        alone.add(call)
        its = generators[call.number % workers]
        its.add(call)
        if rng.random() < 0.3:
            reports.append(its.taken())
    reports += [its.taken() for its in generators]
    assert figures(merged(reports, rng)) == figures(alone)


def merged(reports, rng: random.Random):
    """Return what the reports say together, merged in any order and by way of the wire."""
    rng.shuffle(reports)
    whole = Measurements(0.5)
    for report in reports:
        whole.merge(msgpack.unpackb(msgpack.packb(report)))
    return whole
