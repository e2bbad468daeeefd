"""Makes a failing scenario smaller: the fewest profiles with which it fails as before."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from contracts.clock import Clock
from contracts.conformance.messages import message_of, profiles_of
from contracts.conformance.recording import Recording, identity_of
from contracts.conformance.scenario import Scenario
from contracts.conformance.stage import dataflow_text
from contracts.counterexamples.same_failure import kinds
from contracts.counterexamples.shrinking import fewest
from contracts.documents import parse_toml

Profile = Mapping[str, Any]


class Tried(Protocol):
    """What came of one run."""

    @property
    def recording(self) -> Recording:
        """What arrived."""
        ...

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is not passed."""
        ...


Try = Callable[[Scenario], Tried]


def smallest(
    scenario: Scenario, first: Tried, again: Try, clock: Clock, seconds: float
) -> tuple[Scenario, Tried]:
    """Return a scenario with fewer profiles that fails in a same way, and its run.

    Args:
        scenario: what failed.
        first: its run.
        again: runs a scenario once more.
        clock: by which the time is taken.
        seconds: no run begins when this time, less that of the longest run, has passed.
    """
    whole = with_profiles(scenario, all_profiles(scenario))
    wanted = kinds(scenario, first.reasons)
    best: list[tuple[Scenario, Tried]] = [(whole, first)]
    least = _least(scenario)
    started, longest = clock.monotonic(), first.recording.ending.seconds

    def fails(profiles: list[Profile]) -> bool:
        nonlocal longest
        if len(profiles) < least:
            return False
        smaller = with_profiles(scenario, profiles)
        tried = again(smaller)
        longest = max(longest, tried.recording.ending.seconds)
        is_same = bool(wanted & kinds(scenario, tried.reasons))
        is_same &= tried.recording.has_calls or not first.recording.has_calls
        if is_same:
            best.append((smaller, tried))
        return is_same

    def may_go_on() -> bool:
        return clock.monotonic() - started + longest <= seconds

    fewest(whole.profiles, fails, may_go_on)
    return best[-1]


def all_profiles(scenario: Scenario) -> tuple[Profile, ...]:
    """Return the profiles of a scenario, made ones too."""
    return tuple(profiles_of(scenario, _mapping(scenario)))


def with_profiles(scenario: Scenario, profiles: Sequence[Profile]) -> Scenario:
    """Return the scenario with these profiles only, and what can still be expected of them."""
    expect = scenario.expect
    if isinstance(expect.delivered, tuple):
        messages = (message_of(dict(profile), _mapping(scenario)) for profile in profiles)
        there = {identity_of(message) for message in messages}
        left = tuple(identity for identity in expect.delivered if identity in there)
        expect = dataclasses.replace(expect, delivered=left or "none")
    return dataclasses.replace(
        scenario,
        sample_count=0,
        message_bytes=None,
        padded_count=None,
        profiles=tuple(profiles),
        expect=expect,
    )


def _least(scenario: Scenario) -> int:
    """Return how many profiles it takes for what happens in mid-run, and for the least calls."""
    reached = [event.reached + 1 for event in scenario.during]
    return max(1, *reached, scenario.expect.calls.least or 0)


def _mapping(scenario: Scenario) -> dict[str, Any]:
    return parse_toml(dataflow_text(scenario.dataflow, "http://127.0.0.1/", "somebody"))
