"""What holds at any pace."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from sender.delivery.rates.pacing import Pacer


@given(
    st.integers(30, 3000),
    st.lists(st.floats(0, 5), max_size=30),
    st.integers(0, 2**32),
)
@settings(max_examples=60)
def test_no_sixty_seconds_ever_see_more_calls_than_the_limit(limit, stalls, seed):
    rng, pacer, now, sent = random.Random(seed), Pacer(limit), 0.0, []
    stalled = dict(zip(rng.sample(range(2 * limit), min(len(stalls), limit)), stalls, strict=False))
    for number in range(2 * limit + limit // 2):
        now += pacer.wait_seconds(now) + stalled.get(number, 0.0)
        now += pacer.wait_seconds(now)
        pacer.sent(now)
        pacer.ended(now, now)
        sent.append(now)
    assert all(later - earlier > 60 for earlier, later in zip(sent, sent[limit:], strict=False))
