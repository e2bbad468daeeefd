"""A plan is judged where it is made, and says where its messages are."""

import copy
import math
import pickle
from dataclasses import replace

import pytest

from loadtests.planning.judging import PlanError
from loadtests.planning.plan import DAY, Batch, Plan, Segment, arrival_us
from sender.policies import ADOBE_BEST_EFFORT, LOSSLESS

PLAN = Plan(profiles=10, arrival_rate=2.0)
HUGE = 10**400


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"profiles": 0}, "profiles: found 0, expected a whole number, 1 to 1,000,000,000"),
        ({"profiles": -1}, "profiles: found -1"),
        ({"profiles": True}, "profiles: found True"),
        ({"profiles": 10.0}, "profiles: found 10.0, expected a whole number"),
        ({"profiles": "10"}, "profiles: found '10'"),
        ({"profiles": HUGE}, "profiles: found 1000"),
        ({"profiles": 10**5000}, "profiles: found a number of more than 4,000 digits"),
        ({"arrival_rate": 0}, "arrival rate: found 0, expected 0.000001 to 1,000,000 a second"),
        ({"arrival_rate": -1.0}, "arrival rate: found -1.0"),
        ({"arrival_rate": math.nan}, "arrival rate: found nan"),
        ({"arrival_rate": math.inf}, "arrival rate: found inf"),
        ({"arrival_rate": True}, "arrival rate: found True"),
        ({"arrival_rate": HUGE}, "arrival rate: found 1000"),
        ({"arrival_rate": 1e-6, "profiles": 1_000}, "the last arrives within ten years"),
        ({"limit_per_minute": 0}, "limit per minute: found 0"),
        ({"limit_per_minute": 1.5}, "limit per minute: found 1.5"),
        ({"limit_per_minute": 10**10}, "limit per minute: found 10000000000"),
        ({"window": "tumbling"}, "window: found 'tumbling', expected sliding or fixed"),
        ({"window": None}, "window: found None"),
        ({"window_seconds": 0}, "window seconds: found 0"),
        ({"runs_per_day": 0}, "runs per day: found 0"),
        ({"other_traffic": -1}, "other traffic: found -1, expected 0 to 60,000,000 calls a minute"),
        ({"other_traffic": math.nan}, "other traffic: found nan"),
        (
            {"other_traffic": 1e-320},
            "other traffic: found 1e-320, expected 0.000001 to 60,000,000 calls a minute, or 0",
        ),
        (
            {"other_traffic": 3_000, "policy": LOSSLESS},
            "other traffic: found 3,000 calls a minute, expected fewer than the limit of 3,000",
        ),
        ({"fault_ratio": 1.1}, "fault ratio: found 1.1, expected a share, 0 to 1"),
        ({"fault_ratio": math.nan}, "fault ratio: found nan"),
        ({"lost_ratio": -0.1}, "lost ratio: found -0.1"),
        ({"lost_ratio": True}, "lost ratio: found True"),
        ({"fault_ratio": 0.6, "lost_ratio": 0.6}, "found a sum of 1.2, expected at most 1"),
        ({"latency_seconds": -1}, "latency: found -1"),
        ({"latency_seconds": 1e9}, "latency: found 1000000000.0, expected 0 to 86,400 seconds"),
        ({"days": 0}, "days: found 0"),
        ({"days": 10_000}, "days: found 10000"),
        ({"restated_daily": 0.5}, "restated daily: found 0.5 with 1 day, expected days above 1"),
        ({"restated_daily": 2, "days": 2}, "restated daily: found 2, expected a share"),
        ({"seed": -1}, "seed: found -1"),
        ({"seed": 1.0}, "seed: found 1.0"),
        ({"policy": "lossless"}, "policy: found 'lossless', expected a RetryPolicy"),
        (
            {"policy": ADOBE_BEST_EFFORT.retrying_after(range(1, 102))},
            "retry after: found 101 retries, expected at most 100",
        ),
        ({"policy": ADOBE_BEST_EFFORT.retrying_after([1e300])}, "retry after: found 1e+300"),
        (
            {"policy": ADOBE_BEST_EFFORT.retrying_after([1e-7])},
            "retry after: found retries less than a microsecond apart",
        ),
        ({"policy": replace(LOSSLESS, read_timeout_seconds=0)}, "policy's read timeout: found 0"),
        ({"excluded": {"no consent": 0}}, "excluded 'no consent': found 0"),
        ({"excluded": {1: 1}}, "excluded: found the reason 1, expected a text"),
        ({"excluded": 3}, "excluded: found 3, expected a count for each reason"),
        ({"oversized": {10}}, "oversized: found message 10, expected numbers below the 10"),
        ({"oversized": {-1}}, "oversized message: found -1"),
        ({"oversized": 3}, "oversized: found 3, expected a set of message numbers"),
        ({"batches": (5, 5)}, "batches: found 5, expected each a Batch"),
        ({"batches": 5}, "batches: found 5, expected a list of Batch"),
        ({"batches": (Batch(start_seconds=0, profiles=9),)}, "batches: found 9 profiles in all"),
        (
            {"profiles": 10**9, "arrival_rate": 1e6, "days": 3, "restated_daily": 1},
            "found 3,000,000,000 messages in all",
        ),
    ],
)
def test_an_impossible_value_is_one_error_that_says_what_was_expected(change, said):
    with pytest.raises(PlanError) as raised:
        replace(PLAN, **change)
    assert said in str(raised.value)
    assert len(str(raised.value)) < 250


@pytest.mark.parametrize(
    "change",
    [{"start_seconds": -1}, {"start_seconds": math.nan}, {"start_seconds": 1e12}, {"profiles": 0}],
)
def test_a_batch_is_judged_where_it_is_made(change):
    with pytest.raises(PlanError, match=f"batch {next(iter(change))}: found"):
        Batch(**{"start_seconds": 0, "profiles": 1} | change)


def test_all_profiles_may_be_excluded():
    nobody = Plan(profiles=0, arrival_rate=1.0, excluded={"no consent": 3})
    assert (nobody.messages, list(nobody.segments()), nobody.last_arrival_us()) == (0, [], 0)


def test_a_plan_is_a_value():
    excluded = {"no consent": 3}
    plan = replace(
        PLAN, excluded=excluded, oversized=[3, 3], batches=[Batch(start_seconds=1, profiles=10)]
    )
    excluded["no consent"] = 4
    assert plan.excluded == {"no consent": 3}
    assert plan.oversized == {3}
    assert pickle.loads(pickle.dumps(plan)) == copy.deepcopy(plan) == plan
    with pytest.raises(TypeError):
        plan.excluded["no consent"] = 5


def test_messages_are_numbered_through_batches_and_days():
    plan = Plan(
        profiles=10,
        arrival_rate=2.0,
        batches=(Batch(start_seconds=60, profiles=4), Batch(start_seconds=0.5, profiles=6)),
        days=3,
        restated_daily=0.25,
    )
    assert list(plan.segments()) == [
        Segment(60_000_000, 0, 4, 0),
        Segment(500_000, 4, 6, 4),
        Segment(DAY, 10, 2, 0),
        Segment(2 * DAY, 12, 2, 0),
    ]
    assert plan.messages == 14
    assert [plan.person(number) for number in (9, 10, 11, 12, 13)] == [9, 0, 1, 0, 1]
    assert plan.last_arrival_us() == 2 * DAY + 500_000


def test_halves_are_rounded_to_the_even_microsecond():
    assert [arrival_us(index, 400_000.0) for index in range(4)] == [0, 2, 5, 8]


def test_a_later_retry_is_made_when_the_answer_before_it_has_come():
    policy = ADOBE_BEST_EFFORT.retrying_after([1.0, 2.0])
    plan = Plan(profiles=1, arrival_rate=1.0, policy=policy, latency_seconds=1.5)
    assert plan.try_offsets_us() == (0, 2_500_000, 4_000_000)
    assert replace(plan, policy=LOSSLESS).try_offsets_us() == (0,)


def test_an_answer_after_the_timeout_is_not_waited_for():
    assert not replace(PLAN, latency_seconds=2.0).answers_late
    late = replace(PLAN, latency_seconds=2.5)
    assert late.answers_late
    assert late.answer_us == 2_000_000


def test_a_report_has_a_column_for_each_try():
    assert PLAN.tries == 3
    assert replace(PLAN, policy=LOSSLESS).tries == 3
    assert replace(PLAN, policy=ADOBE_BEST_EFFORT.retrying_after([1, 2, 3])).tries == 4
