"""The output of ``qualtrics-contracts probe``: the planned calls, and the findings."""

import json
import threading
from collections.abc import Mapping, Sequence

from contracts.probe.calls import Caller, Target
from contracts.probe.minute import CONNECTIONS, SENDS, Pause, most_calls, settle_minute
from contracts.probe.questions import BY_HAND, MOST_CALLS, QUESTIONS, Finding, proposal, settle


def plan(calls_per_minute: int | None) -> str:
    """Return the calls that would be made, one line per question."""
    rows = [(question.id, question.sends) for question in QUESTIONS]
    calls = MOST_CALLS
    if calls_per_minute is not None:
        rows += SENDS.items()
        calls += most_calls(calls_per_minute)
    rows += [(id_, f"nothing: {note}") for id_, note in BY_HAND.items()]
    last = "Nothing was sent. --i-have-an-account sends it; what is accepted starts the workflow."
    head, calls_line = "Would send to QUALTRICS_URL:", f"At most {calls} calls."
    return "\n".join([head, *_aligned(rows), calls_line, last])


def ask(
    variables: Mapping[str, str],
    calls_per_minute: int | None,
    pause: Pause | None = None,
) -> list[Finding]:
    """Make all calls, and return the findings.

    Args:
        variables: the environment, with URL and credential.
        calls_per_minute: the brand's limit; None: the rate limit is not probed.
        pause: a function that returns after that many seconds; None: really wait.

    Raises:
        ProbeError: the account could not be probed.
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
    """Return the findings, one per line, and the settings to change."""
    use = f"To make a tenant that behaves like the account, use {proposal(findings)}"
    return "\n".join([*_lines(findings), _nothing_to_change(findings) or use])


def told_of_recording(findings: Sequence[Finding], flags: Sequence[str]) -> str:
    """Return the findings of a recording, one per line, and the flags that change the mock."""
    use = f"To make a mock that answers as recorded: mock-qualtrics serve {' '.join(flags)}"
    return "\n".join([*_lines(findings), _nothing_to_change(findings) or use])


def _nothing_to_change(findings: Sequence[Finding]) -> str:
    if any(finding.differs for finding in findings):
        return ""
    unsettled = sum(finding.observed is None for finding in findings)
    rest = f", and {unsettled} of {len(findings)} not settled" if unsettled else ""
    return f"Nothing to change{rest}."


def _lines(findings: Sequence[Finding]) -> list[str]:
    return _aligned([(each.id, each.setting, _outcome(each)) for each in findings])


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines, each column but the last as wide as its widest cell."""
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    starts = ["  ".join(map(str.ljust, row, widths)) for row in rows]
    return [f"{start}  {row[-1]}" for start, row in zip(starts, rows, strict=True)]


def _outcome(finding: Finding) -> str:
    note = f" ({finding.note})" if finding.note else ""
    if finding.observed is None:
        return f"not settled, assumed {json.dumps(finding.default)}{note}"
    observed = json.dumps(finding.observed)
    if not finding.differs:
        return f"{observed}, as assumed{note}"
    assumed = json.dumps(finding.default)
    return f"{observed}, assumed {assumed}: set it to {observed}{note}"
