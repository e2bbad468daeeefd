"""How many calls there were, and how long after a refused one the next call of its message came."""

from collections.abc import Iterator

from contracts.conformance.recording import Recording, identity_of
from contracts.conformance.scenario import Bounds, Scenario
from contracts.masking import mask_identity

FIRST_REFUSAL = 300


def check_counts(scenario: Scenario, recording: Recording) -> Iterator[str]:
    """Yield each count of calls that is out of bounds."""
    calls = recording.triggers()
    yield from _outside(len(calls), scenario.expect.calls, "calls in all")
    for message in recording.messages:
        identity = identity_of(message) or ""
        of_whom = f"calls of the message of {mask_identity(identity)}"
        said = list(_outside(len(recording.of(identity)), scenario.expect.calls_each, of_whom))
        if said:
            yield from said
            break
    yield from _after_refusal(scenario, recording)


def check_gaps(scenario: Scenario, recording: Recording) -> Iterator[str]:
    """Yield the shortest wait after a refused call, and the median, where it is too short."""
    gaps = sorted(
        (round(later.at - earlier.at, 6), later.request_id)  # the journal has microseconds
        for earlier, later in recording.attempts()
        if not earlier.run_ids
    )
    if gaps:
        yield from _too_soon(gaps[0], scenario.expect.gap_seconds, "")
        middle = gaps[len(gaps) // 2]
        yield from _too_soon(middle, scenario.expect.median_gap_seconds, ", the median")


def _too_soon(gap: tuple[float, str], least: float | None, which: str) -> Iterator[str]:
    seconds, request_id = gap
    if least is not None and seconds < least:
        yield (
            f"request {request_id} came {seconds:.3f} s after the refused call of the same "
            f"message{which}, expected at least {least:g} s"
        )


def _after_refusal(scenario: Scenario, recording: Recording) -> Iterator[str]:
    most = scenario.expect.calls_after_refusal
    calls = recording.triggers()
    first = next((place for place, call in enumerate(calls) if _is_refused(call.status)), None)
    if most is not None and first is not None and (later := len(calls) - first - 1) > most:
        yield f"{later} calls came after the first refusal, expected at most {most}"


def _is_refused(status: int | None) -> bool:
    return status is not None and status >= FIRST_REFUSAL


def _outside(count: int, bounds: Bounds, what: str) -> Iterator[str]:
    if bounds.least is not None and count < bounds.least:
        yield f"{count} {what}, expected at least {bounds.least}"
    if bounds.most is not None and count > bounds.most:
        yield f"{count} {what}, expected at most {bounds.most}"
