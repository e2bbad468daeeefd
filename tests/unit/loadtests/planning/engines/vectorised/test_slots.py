"""The rate limit for many calls at once, held against the mock's own window."""

import random

import numpy as np
import pytest

from loadtests.planning import Plan
from loadtests.planning.engines.vectorised.slots import admitted, slots_of
from mock_qualtrics.gate.rate_window import make_window

SPAN_US = 1_000_000


@pytest.mark.parametrize("kind", ["sliding", "fixed"])
@pytest.mark.parametrize("limit", [1, 5, 20_001])
def test_calls_are_admitted_as_by_the_window_of_the_mock(kind, limit):
    rng = random.Random(limit)
    plan = Plan(profiles=1, arrival_rate=1.0, window=kind, limit_per_minute=limit, window_seconds=1)
    slots, window = slots_of(plan), make_window(kind, limit, 1)
    if limit > 5:  # all but a few are taken
        first = np.sort(np.array([rng.randrange(SPAN_US // 2) for _ in range(limit - 5)]))
        slots.take(first)
        assert all(window.try_take(int(each)) for each in first)
    begins = SPAN_US // 2
    for _ in range(20):
        slots.reach(begins)
        ends = min(begins + rng.randrange(1, SPAN_US), slots.ends(begins))
        calls = sorted(rng.choices(range(begins, ends), k=rng.randrange(20)))
        instants, wants = np.array(calls, dtype=np.int64), np.ones(len(calls), dtype=np.int64)
        wants[rng.randrange(20) :][:1] = 0  # one is too large: it looks, and takes nothing
        expected = [
            window.try_take(instant) if want else window.has_room(instant)
            for instant, want in zip(calls, wants.tolist(), strict=True)
        ]
        found = admitted(slots.room_at(instants), wants)
        slots.take(instants[found & (wants == 1)])
        assert found.tolist() == expected
        begins = ends


def test_slots_are_free_when_the_window_has_gone_by():
    plan = Plan(profiles=1, arrival_rate=1.0, limit_per_minute=2)
    slots = slots_of(plan)
    assert slots.next_free() is None
    slots.take(np.array([3, 5]))
    assert (slots.room, slots.next_free()) == (0, 60_000_003)
    slots.reach(60_000_003)
    assert (slots.room, slots.next_free()) == (1, 60_000_005)
