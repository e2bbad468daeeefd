"""What the mock admits, and what becomes of it: the credential, duplicates, and how runs end."""

from collections.abc import Iterator, Mapping
from typing import Any

from simulation.invariants.seen import Seen, TakenCall
from simulation.invariants.stored import (
    RUN_FAILED,
    RUN_SUCCEEDED,
    MockState,
)
from simulation.schedule import Setup

RUN_FAILS = "run-failed"
FIRST_WORKFLOW = 2  # the number of the setup's first one: each store begins with another


def admitted_with_the_token(call: TakenCall) -> str | None:
    """Return what is wrong when a call was admitted without the newest token (Q-AUTH-6)."""
    if call.accepted and not call.is_trusted:
        return f"call {call.number} of message {call.trace_id} was admitted with an old token"
    return None


def duplicates_marked(mock: MockState) -> Iterator[str]:
    """Yield each accepted call whose mark does not say whether its message was accepted before."""
    before: set[str] = set()
    for call in mock.calls:
        if not call.accepted or call.trace_id is None:
            continue
        if call.duplicate != (call.trace_id in before):
            yield f"call {call.number} has duplicate {call.duplicate}, and the trace id of others"
        before.add(call.trace_id)


def ended_when_due(mock: MockState) -> Iterator[str]:
    """Yield each run that ended before it was due, or before its call came (Q-WF-2)."""
    for run in mock.runs:
        if run.finished_us is not None and not run.received_us <= run.due_us <= run.finished_us:
            yield (
                f"run {run.number}, received at {run.received_us} µs and due at {run.due_us} µs, "
                f"ended at {run.finished_us} µs"
            )


def ended_as_settings_say(seen: Seen, mock: MockState, setup: Setup) -> Iterator[str]:
    """Yield each run whose outcome is another than its faults, tasks and conditions ask for."""
    calls = {call.number: call for call in mock.calls}
    for run in mock.runs:
        call = calls.get(run.call_number)
        if call is None or run.state not in {RUN_SUCCEEDED, RUN_FAILED}:
            continue
        fails = RUN_FAILS in call.faults.split(",")
        settings = setup.workflows[run.workflow - FIRST_WORKFLOW]
        can_fail = fails or settings.get("tasks")
        if (fails and run.state != RUN_FAILED) or (run.state == RUN_FAILED and not can_fail):
            yield f"run {run.number} ended with state {run.state}; its call's faults: {call.faults}"
        elif not fails and run.skips_tasks != _has_to_skip(seen, call.trace_id, settings):
            yield f"run {run.number} takes its conditions for {run.skips_tasks=}"


def _has_to_skip(seen: Seen, trace_id: str | None, settings: Mapping[str, Any]) -> bool:
    """Return whether the conditions, each on the text, are not all met (Q-WF-3)."""
    message = seen.messages.get(trace_id or "")
    text = None if message is None else message.content[0]
    conditions = settings.get("conditions", {"all": ()})["all"]
    return any(each["equals"] != text for each in conditions)
