"""The exact engine against a plain simulation: a heap of all calls, and a list of admitted ones."""

import math
from bisect import bisect_left
from collections import Counter
from heapq import heappop, heappush

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadtests.planning import Batch, Plan, forecast, forecast_messages
from loadtests.planning.chance import draw
from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE

SECOND = 1_000_000
DAY = 86_400 * SECOND


@st.composite
def plans(draw):
    batches = draw(
        st.lists(st.tuples(st.sampled_from([0, 1, 2.5, 30, 86_399]), st.integers(1, 12)))
    )
    profiles = sum(count for _, count in batches) or draw(st.integers(1, 40))
    days = draw(st.integers(1, 3))
    times = st.sets(st.sampled_from([0.5, 1, 2, 5, 15, 30, 61]), max_size=4)
    return Plan(
        profiles=profiles,
        arrival_rate=draw(st.sampled_from([0.3, 1.0, 3.0, 7.0, 1_000.0])),
        policy=draw(st.sampled_from([ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE])).retrying_after(
            sorted(draw(times))
        ),
        limit_per_minute=draw(st.integers(1, 20)),
        window=draw(st.sampled_from(["sliding", "fixed"])),
        window_seconds=draw(st.sampled_from([1, 7, 60])),
        runs_per_day=draw(st.integers(1, 60)),
        other_traffic=draw(st.sampled_from([0.0, 0.05, 1.0])),
        fault_ratio=draw(st.sampled_from([0.0, 0.3])),
        lost_ratio=draw(st.sampled_from([0.0, 0.4])),
        latency_seconds=draw(st.sampled_from([0.0, 0.1, 1.0, 3.0])),
        days=days,
        restated_daily=draw(st.sampled_from([0.0, 0.5, 1.0])) if days > 1 else 0.0,
        seed=draw(st.integers(0, 2**63 - 1)),
        oversized=draw(st.frozensets(st.integers(0, profiles - 1), max_size=5)),
        batches=tuple(Batch(start_seconds=start, profiles=count) for start, count in batches),
    )


class Plain:
    """The destination and the messages, each call looked up in plain lists."""

    def __init__(self, plan) -> None:
        self.plan = plan
        self.admitted, self.runs, self.others = [], [], self.first_other(plan)
        self.journeys = {}
        self.ran = Counter()
        self.blocked = Counter()
        self.due = []
        for start_us, first, messages, *_ in plan.segments():
            for index in range(messages):
                at = start_us + round(index * 1e6 / plan.arrival_rate)
                heappush(self.due, (at, first + index, 1, None))

    def has_room(self, now):
        span = self.plan.window_seconds * SECOND
        begins = now // span * span if self.plan.window == "fixed" else now - span + 1
        return len(self.admitted) - bisect_left(self.admitted, begins) < self.plan.limit_per_minute

    def admit(self, now):
        self.admitted.append(now)
        if len(self.runs) - bisect_left(self.runs, now // DAY * DAY) < self.plan.runs_per_day:
            self.runs.append(now)
            return True
        return False

    def other_calls(self, now):
        while self.plan.other_traffic and self.next_other() <= now:
            if self.has_room(self.next_other()):
                self.admit(self.next_other())
            self.others += 1

    def first_other(self, plan):
        span = plan.window_seconds * SECOND
        is_sliding = plan.window == "sliding" and plan.other_traffic
        made = math.ceil(span * plan.other_traffic / 60 / SECOND) + 1 if is_sliding else 0
        return -sum(round(i * 60 * SECOND / plan.other_traffic) < span for i in range(1, made + 1))

    def next_other(self):
        return round(self.others * 60 * SECOND / self.plan.other_traffic)

    def answer(self, now, number, attempt):
        plan = self.plan
        luck = draw(plan.seed, number, attempt)
        if luck < plan.fault_ratio:
            return 500
        status = 429
        if self.has_room(now):
            status = 413 if plan.person(number) in plan.oversized else 202
        if status == 202 and self.admit(now):
            self.ran[number] += 1
        return "lost" if luck < plan.fault_ratio + plan.lost_ratio else status

    def call(self):
        plan = self.plan
        now, number, attempt, first_failed = heappop(self.due)
        self.other_calls(now)
        status = self.answer(now, number, attempt)
        status = "lost" if plan.latency_seconds > 2 else status
        ended_at = now + round(min(plan.latency_seconds, 2) * SECOND)
        first_failed = ended_at if first_failed is None else first_failed
        attempts = self.journeys.setdefault(number, ([], []))[0]
        attempts.append((now, status))
        schedule = plan.policy.retries.after_first_failure_seconds
        retried = plan.policy.retries_status(504 if status == "lost" else status)
        if status != 202 and retried and attempt <= len(schedule):
            due = max(first_failed + round(schedule[attempt - 1] * SECOND), ended_at)
            heappush(self.due, (due, number, attempt + 1, first_failed))
            return
        ending = {202: "delivered", "lost": "uncertain"}.get(status, "dropped")
        self.journeys[number][1].append(ending)
        if status == 202 and not self.ran[number]:
            self.blocked[now // DAY] += 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(plan=plans())
def test_each_message_has_the_calls_and_the_ending_that_a_plain_simulation_gives_it(plan):
    plain = Plain(plan)
    while plain.due:
        plain.call()
    found = {each.number: (list(each.attempts), [each.ending]) for each in forecast_messages(plan)}
    assert found == plain.journeys
    result = forecast(plan)
    assert result.blocked_by_day == dict(plain.blocked)
    assert result.duplicates == sum(runs - 1 for runs in plain.ran.values() if runs)
    persons = Counter(plan.person(number) for number, runs in plain.ran.items() if runs)
    assert result.people_surveyed_again == sum(exports > 1 for exports in persons.values())
    check_totals(result, plain)


def check_totals(result, plain):
    endings = Counter(ending for _, (ending,) in plain.journeys.values())
    assert (result.delivered, result.dropped) == (endings["delivered"], endings["dropped"])
    assert (result.uncertain, result.pending) == (endings["uncertain"], 0)
    calls = sorted(now for attempts, _ in plain.journeys.values() for now, _ in attempts)
    last = calls[-1] + round(min(result.plan.latency_seconds, 2) * SECOND)
    assert result.finished_at_seconds == last / SECOND
    timeline = result.timeline
    assert sum(timeline.arrivals) == result.messages
    assert sum(timeline.accepted) + sum(timeline.refused) == len(calls)
    assert sum(timeline.dropped) == result.dropped
    bin_us = timeline.bin_seconds * SECOND
    made = Counter(int(now // bin_us) for now in calls)
    assert {
        index: count
        for index, (taken, refused) in enumerate(
            zip(timeline.accepted, timeline.refused, strict=True)
        )
        if (count := taken + refused)
    } == made
    assert 0.0 <= result.minute_used_share <= 1.0
