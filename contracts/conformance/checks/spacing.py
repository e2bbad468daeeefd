"""How many calls there were, and how long after a refused one the next call of its message came."""

from collections.abc import Iterator
from typing import NamedTuple

from contracts.conformance.checks.answers import answer, answers
from contracts.conformance.recording import Call, Recording, identity_of
from contracts.conformance.scenario import Bounds, Scenario
from contracts.masking import mask_identity

FIRST_REFUSAL = 300


class _Gap(NamedTuple):
    """How long after a refused call of a message its next one came."""

    seconds: float
    later: Call
    earlier: Call


def check_counts(scenario: Scenario, recording: Recording) -> Iterator[str]:
    """Yield each count of calls that is out of bounds."""
    calls = recording.triggers()
    yield from _outside(len(calls), scenario.expect.calls, "calls in all")
    for message in recording.messages:
        identity = identity_of(message) or ""
        of_whom = f"calls of the message of {mask_identity(identity)}"
        made = recording.of(identity)
        if said := list(_outside(len(made), scenario.expect.calls_each, of_whom)):
            answered = f"; answered {answers(made)}" if made else ""
            yield from (f"{each}{answered}" for each in said)
            break
    yield from _after_refusal(scenario, recording)


def check_gaps(scenario: Scenario, recording: Recording) -> Iterator[str]:
    """Yield the shortest wait after a refused call, and the median, where it is too short."""
    gaps = sorted(
        (
            # the journal has microseconds
            _Gap(round(later.at - earlier.at, 6), later, earlier)
            for earlier, later in recording.attempts()
            if not earlier.run_ids
        ),
        key=lambda gap: gap.seconds,
    )
    if gaps:
        yield from _too_soon(gaps[0], scenario.expect.gap_seconds, "")
        middle = gaps[len(gaps) // 2]
        yield from _too_soon(middle, scenario.expect.median_gap_seconds, ", the median")


def _too_soon(gap: _Gap, least: float | None, which: str) -> Iterator[str]:
    if least is not None and gap.seconds < least:
        yield (
            f"request {gap.later.request_id} came {gap.seconds:.3f} s after the refused call of "
            f"the same message{which}, expected at least {least:g} s; that call was answered "
            f"{_with_retry_after(gap.earlier)}"
        )


def _with_retry_after(call: Call) -> str:
    told = "" if call.retry_after is None else f" with Retry-After: {call.retry_after}"
    return f"{answer(call)}{told}"


def _after_refusal(scenario: Scenario, recording: Recording) -> Iterator[str]:
    most = scenario.expect.calls_after_refusal
    calls = recording.triggers()
    first = next((place for place, call in enumerate(calls) if _is_refused(call.status)), None)
    if most is not None and first is not None and (later := len(calls) - first - 1) > most:
        yield (
            f"{later} calls came after the first refusal, expected at most {most}; it was answered "
            f"{answer(calls[first])}"
        )


def _is_refused(status: int | None) -> bool:
    return status is not None and status >= FIRST_REFUSAL


def _outside(count: int, bounds: Bounds, what: str) -> Iterator[str]:
    if bounds.least is not None and count < bounds.least:
        yield f"{count} {what}, expected at least {bounds.least}"
    if bounds.most is not None and count > bounds.most:
        yield f"{count} {what}, expected at most {bounds.most}"
