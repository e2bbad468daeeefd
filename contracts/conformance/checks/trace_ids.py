"""Whether a message keeps its trace id, in the header X-Trace-Id, on every retry."""

from collections.abc import Iterator

from contracts.conformance.recording import Recording, identity_of
from contracts.conformance.scenario import Scenario
from contracts.masking import mask_identity


def check_trace_ids(scenario: Scenario, recording: Recording) -> Iterator[str]:
    """Yield the first message with two trace ids, and the first with that of another message."""
    if scenario.expect.trace_ids == "any":
        return
    owners: dict[str, str] = {}
    for message in recording.messages:
        identity = identity_of(message) or ""
        yield from _of_one(identity, recording, owners)


def _of_one(identity: str, recording: Recording, owners: dict[str, str]) -> Iterator[str]:
    found = {call.trace_id for call in recording.of(identity) if call.trace_id}
    whose = f"the message of {mask_identity(identity)}"
    if len(found) > 1:
        yield f"{whose} came with {len(found)} trace ids, expected the same on every retry"
    for trace_id in found:
        if owners.setdefault(trace_id, identity) != identity:
            other = mask_identity(owners[trace_id])
            yield f"{whose} has the trace id of the message of {other}, expected one of its own"
