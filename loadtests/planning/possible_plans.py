"""Judges a plan as a whole: each number, and what contradicts another. Pure."""

from itertools import pairwise
from typing import TYPE_CHECKING

from loadtests.planning import judging
from loadtests.planning.judging import PlanError, plain

if TYPE_CHECKING:
    from loadtests.planning.plan import Plan

MICROSECONDS = 1_000_000


def check(plan: "Plan") -> None:
    """Raise PlanError if a plan is impossible."""
    _check_numbers(plan)
    _check_shares(plan)
    _check_batches(plan)
    _check_arrivals(plan)
    _check_size(plan)
    _check_others(plan)


def _check_numbers(plan: "Plan") -> None:
    most = judging.MOST_CALLS
    rate = judging.HIGHEST_RATE
    judging.check_number("arrival rate", plan.arrival_rate, judging.LOWEST_RATE, rate, "a second")
    judging.check_whole("limit per minute", plan.limit_per_minute, 1, most)
    judging.check_choice("window", plan.window, ("sliding", "fixed"))
    judging.check_whole("window seconds", plan.window_seconds, 1, judging.LONGEST_WINDOW_SECONDS)
    judging.check_whole("runs per day", plan.runs_per_day, 1, most)
    judging.check_number("other traffic", plan.other_traffic, 0.0, rate * 60, "calls a minute")
    if plan.other_traffic:
        lowest = judging.LOWEST_RATE
        judging.check_number(
            "other traffic", plan.other_traffic, lowest, rate * 60, "calls a minute, or 0"
        )
    longest = judging.LONGEST_LATENCY_SECONDS
    judging.check_number("latency", plan.latency_seconds, 0.0, longest, "seconds")
    judging.check_whole("days", plan.days, 1, judging.MOST_DAYS)
    judging.check_whole("seed", plan.seed, 0, judging.HIGHEST_SEED)


def _check_shares(plan: "Plan") -> None:
    judging.check_share("fault ratio", plan.fault_ratio)
    judging.check_share("lost ratio", plan.lost_ratio)
    judging.check_share("restated daily", plan.restated_daily)
    failures = plan.fault_ratio + plan.lost_ratio
    if failures > 1:
        raise PlanError(
            f"fault ratio {plain(plan.fault_ratio)} and lost ratio {plain(plan.lost_ratio)}: found "
            f"a sum of {plain(failures)}, expected at most 1: a call has one ending"
        )


def _check_batches(plan: "Plan") -> None:
    if plan.restated_daily and plan.days == 1:
        raise PlanError(
            f"restated daily: found {plain(plan.restated_daily)} with 1 day, expected days above "
            "1: the first day restates nothing"
        )
    if plan.batches and sum(each.profiles for each in plan.batches) != plan.profiles:
        found = sum(each.profiles for each in plan.batches)
        raise PlanError(
            f"batches: found {found:,} profiles in all batches, expected the {plan.profiles:,} of "
            "the plan"
        )


def _check_arrivals(plan: "Plan") -> None:
    arrivals = plan.arrivals_us
    if not arrivals:
        return
    if len(arrivals) != plan.profiles:
        raise PlanError(
            f"arrivals: found {len(arrivals):,} times, expected one for each of {plan.profiles:,} "
            "profiles"
        )
    if plan.batches or plan.days > 1 or not plan.policy.drops_messages:
        raise PlanError(
            "arrivals: found times of their own beside batches, days or a policy that drops "
            "nothing, expected one of Adobe's policies and nothing else"
        )
    if arrivals[0] < 0 or any(later < earlier for earlier, later in pairwise(arrivals)):
        raise PlanError("arrivals: found times that run backwards, expected ascending ones from 0")


def _check_size(plan: "Plan") -> None:
    beyond = next((number for number in plan.oversized if number >= plan.profiles), None)
    if beyond is not None:
        raise PlanError(
            f"oversized: found message {beyond:,}, expected numbers below the {plan.profiles:,} "
            "profiles, counted from 0"
        )
    if any(later <= earlier for earlier, later in pairwise(plan.try_offsets_us())):
        raise PlanError("retry after: found retries less than a microsecond apart, expected more")
    if plan.messages > judging.MOST_MESSAGES:
        raise PlanError(
            f"days {plan.days} with restated daily {plain(plan.restated_daily)}: found "
            f"{plan.messages:,} messages in all, expected at most {judging.MOST_MESSAGES:,}"
        )
    if plan.last_arrival_us() > judging.LONGEST_SECONDS * MICROSECONDS:
        raise PlanError(
            f"arrival rate: found {plain(plan.arrival_rate)} a second for {plan.profiles:,} "
            "profiles, expected one at which the last arrives within ten years"
        )


def _check_others(plan: "Plan") -> None:
    """Refuse a lossless export that waits for ever, as others take each call of the window."""
    others = plan.other_traffic * plan.window_seconds / 60
    waits = plan.window == "sliding" and not plan.policy.drops_messages
    if waits and others >= plan.limit_per_minute:
        raise PlanError(
            f"other traffic: found {judging.plain(plan.other_traffic)} calls a minute, expected "
            f"fewer than the limit of {plan.limit_per_minute:,} admits: a lossless export would "
            "wait for ever"
        )
