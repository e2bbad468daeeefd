"""What follows from any sequence of outcomes."""

import random

from hypothesis import example, given
from hypothesis import strategies as st

from sender import LOSSLESS
from sender.delivery.decisions import (
    Activated,
    FailedForGood,
    History,
    RetryAt,
    StopExport,
    Uncertain,
    decide,
)
from sender.policies import POLICIES
from sender.transport.outcomes import Answered, Lost, NotConnected, answer_was_lost
from sender.transport.retry_after import retry_after_seconds

HOPELESS = (401, 404, 405, 407, 410)


answers = st.builds(
    Answered,
    st.integers(200, 599).filter(lambda status: status not in HOPELESS and status // 100 != 3),
    st.none() | st.text(max_size=30) | st.integers(0, 10**6).map(str),
)


outcomes = st.one_of(answers, st.builds(Lost, st.just("lost")), st.just(NotConnected("refused")))


@given(st.sampled_from(list(POLICIES.values())), st.lists(outcomes, min_size=1, max_size=40))
@example(LOSSLESS, [Answered(429, "86400"), NotConnected("refused")])
def test_a_message_ends_exactly_once_and_never_is_retried_in_the_past(policy, sequence):
    now, first_failed_at, rng = 1000.0, None, random.Random(1)
    for attempts, outcome in enumerate(sequence, start=1):
        decision = decide(policy, History(attempts, first_failed_at), outcome, now, rng)
        assert isinstance(decision, Activated) == (
            isinstance(outcome, Answered) and 200 <= outcome.status < 300
        )
        if isinstance(decision, StopExport):  # nobody is there to blame the message
            assert isinstance(outcome, NotConnected)
            assert now - first_failed_at >= policy.retries.gives_up_after_seconds
            return
        if isinstance(decision, FailedForGood | Uncertain):
            assert isinstance(decision, Uncertain) == answer_was_lost(outcome)
        if not isinstance(decision, RetryAt):
            return
        assert decision.instant >= now
        first_failed_at = now if first_failed_at is None else first_failed_at
        now = decision.instant
    assert policy.name == "lossless" or len(sequence) < 3


@given(st.text(max_size=60), st.floats(0, 4e9))
def test_no_retry_after_header_is_too_odd_to_read(header, now):
    assert 0 <= retry_after_seconds(header, now) < 1e12
