"""What ``qualtrics-contracts probe`` says: first what it would send, afterwards what to set."""

import json
import threading
from collections.abc import Mapping

from contracts.probe.calls import Caller, Target
from contracts.probe.minute import CONNECTIONS, SENDS, Pause, most_calls, settle_minute
from contracts.probe.questions import BY_HAND, MOST_CALLS, QUESTIONS, Finding, proposal, settle


def plan(calls_per_minute: int | None) -> str:
    """Return what would be sent, a line each."""
    lines = [f"{question.id:<17} {question.sends}" for question in QUESTIONS]
    calls = MOST_CALLS
    if calls_per_minute is not None:
        lines += [f"{id_:<17} {sends}" for id_, sends in SENDS.items()]
        calls += most_calls(calls_per_minute)
    lines += [f"{id_:<17} nothing: {note}" for id_, note in BY_HAND.items()]
    last = "Nothing was sent. --i-have-an-account sends it; what is accepted starts the workflow."
    return "\n".join(["Would send to QUALTRICS_URL:", *lines, f"At most {calls} calls.", last])


def ask(
    variables: Mapping[str, str],
    calls_per_minute: int | None,
    pause: Pause | None = None,
) -> list[Finding]:
    """Send it all; return what is known then.

    Args:
        variables: the environment, with address and credential.
        calls_per_minute: the brand's limit; none: the minute is left alone.
        pause: returns after so many seconds; none: really waits.

    Raises:
        ProbeError: nothing could be asked.
    """
    most = MOST_CALLS + (most_calls(calls_per_minute) if calls_per_minute else 0)
    caller = Caller(Target.from_environment(variables), most, CONNECTIONS)
    try:
        findings = settle(caller)
        if calls_per_minute is not None:
            findings += settle_minute(caller, calls_per_minute, pause or threading.Event().wait)
        return findings
    finally:
        caller.close()


def told(findings: list[Finding]) -> str:
    """Return the findings, a line each, and what to set."""
    lines = [_line(found) for found in findings]
    if not any(found.differs for found in findings):
        open_ = sum(found.observed is None for found in findings)
        left = f", and {open_} of {len(findings)} not settled" if open_ else ""
        return "\n".join([*lines, f"Nothing to change{left}."])
    return "\n".join([*lines, f"A tenant that behaves so is made with {proposal(findings)}"])


def _line(found: Finding) -> str:
    start = f"{found.id:<17} {found.setting:<34}"
    note = f" ({found.note})" if found.note else ""
    if found.observed is None:
        return f"{start} not settled, assumed {json.dumps(found.default)}{note}"
    seen = json.dumps(found.observed)
    if not found.differs:
        return f"{start} {seen}, as assumed{note}"
    return f"{start} {seen}, assumed {json.dumps(found.default)}: set it to {seen}{note}"
