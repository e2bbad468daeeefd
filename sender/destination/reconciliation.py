"""Compares an outbox with a mock's journal, message by message, by trace id. Pure.

The sender's state of a message must agree with how often the mock accepted it, and what the mock
accepted must have succeeded: an accepted call may still be ignored, fail, be blocked or wait.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from sender.destination.received_calls import ReceivedCall
from sender.outbox import schema as sql
from sender.outbox.records import Trace

SUCCEEDED, IGNORED, FAILED, BLOCKED = "succeeded", "ignored", "failed", "blocked"
PENDING, NEVER_ARRIVED, ARRIVED_TWICE = "pending", "never-arrived", "arrived-twice"
OUTCOMES: Final = (SUCCEEDED, IGNORED, FAILED, BLOCKED, PENDING, NEVER_ARRIVED, ARRIVED_TWICE)
STATE_NAMES: Final = {
    sql.PENDING: "pending",
    sql.IN_FLIGHT: "in flight",
    sql.ACTIVATED: "activated",
    sql.FAILED: "failed",
    sql.UNCERTAIN: "uncertain",
    sql.WITHDRAWN: "withdrawn",
}
_REASONS: Final = {
    "workflow-draft": "the workflow is a draft: it was never enabled",
    "workflow-disabled": "the workflow is disabled",
    "unknown-trigger": "no workflow has this URL",
}
_CAMEL: Final = {
    "trace_id": "traceId",
    "run_ids": "runIds",
    "uncertain_attempts": "uncertainAttempts",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one message.

    Attributes:
        trace_id: the message's trace id.
        outcome: one of ``OUTCOMES``.
        state: the sender's state of it.
        uncertain_attempts: its attempts whose answer was lost.
        accepted: how often the mock accepted it.
        run_ids: the runs that it started.
        identity: whom it is about, as it may be shown; None: neither side knows any more.
        disagrees: whether the sender's state and the mock's journal contradict each other.
        meaning: a description of what is not well; empty when all is.
    """

    trace_id: str
    outcome: str
    state: str
    uncertain_attempts: int
    accepted: int
    run_ids: tuple[str, ...] = ()
    identity: str | None = None
    disagrees: bool = False
    meaning: str = ""

    @property
    def is_well(self) -> bool:
        """Whether it was delivered once, the sender knows it, and its run succeeded.

        One that was withdrawn, because its profile opted out, is well if it never arrived.
        """
        is_withdrawn = self.state == STATE_NAMES[sql.WITHDRAWN]
        return self.outcome == (NEVER_ARRIVED if is_withdrawn else SUCCEEDED) and not self.disagrees

    def to_mapping(self) -> dict[str, Any]:
        """Return the finding as a JSON object with camelCase keys."""
        return {_CAMEL.get(key, key): value for key, value in asdict(self).items()}


@dataclass(slots=True)
class Reconciliation:
    """The counts of a comparison, which grow while its findings are read.

    Attributes:
        messages: number of messages in the outbox.
        disagreements: messages on which the two sides do not agree.
        outcomes: number of messages by outcome.
        foreign: calls that the mock accepted and that belong to no message in the outbox.
        lost: messages that were activated, and of which the mock has no call at all.
        activated: messages that were activated.
        not_well: messages that are not well.
    """

    messages: int = 0
    disagreements: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    foreign: int = 0
    lost: int = 0
    activated: int = 0
    not_well: int = 0

    @property
    def agreeing(self) -> int:
        """The number of messages on which both sides agree."""
        return self.messages - self.disagreements

    def add(self, finding: Finding) -> None:
        """Count one message."""
        activated = finding.state == STATE_NAMES[sql.ACTIVATED]
        self.messages += 1
        self.disagreements += finding.disagrees
        self.outcomes[finding.outcome] += 1
        self.foreign -= finding.accepted
        self.activated += activated
        self.lost += activated and finding.outcome == NEVER_ARRIVED
        self.not_well += not finding.is_well

    def hint(self) -> str | None:
        """Return what may explain that the mock lacks messages that were activated."""
        if not self.lost:
            return None
        whole = "none" if self.lost == self.activated else "not all"
        return (
            f"the mock knows {whole} of the messages that were activated: is it another one than "
            "the one exported to, was it reset since, or started anew without a --store?"
        )


Identify = Callable[[Trace, Sequence[ReceivedCall]], str | None]


def findings(
    traces: Iterable[Trace],
    calls_of: Callable[[str], Sequence[ReceivedCall]],
    identity_of: Identify = lambda trace, calls: None,  # noqa: ARG005  names tell what is passed
) -> Iterator[Finding]:
    """Yield what became of each of the outbox's messages.

    Args:
        traces: the outbox's messages.
        calls_of: returns the calls with a trace id, newest first.
        identity_of: returns whom a message that is not well is about, as it may be shown.

    Example:
        >>> found = next(findings([Trace("a", sql.ACTIVATED, 1, 0)], lambda trace_id: []))
        >>> found.outcome, found.meaning
        ('never-arrived', 'activated, but never accepted: no call came in')
    """
    for trace in traces:
        calls = calls_of(trace.trace_id)
        finding = _finding(trace, calls)
        if not finding.is_well:
            finding = replace(finding, identity=identity_of(trace, calls))
        yield finding


def _finding(trace: Trace, calls: Sequence[ReceivedCall]) -> Finding:
    accepted = [call for call in calls if call.accepted]
    times = len({call.request_id for call in accepted})
    state = STATE_NAMES[trace.state]
    outcome = _outcome(accepted)
    disagrees = times > 1 or (times > 0) != (trace.state == sql.ACTIVATED)
    return Finding(
        trace.trace_id,
        outcome,
        state,
        trace.uncertain_attempts,
        times,
        tuple(call.run_id for call in reversed(accepted) if call.run_id is not None),
        disagrees=disagrees,
        meaning=_meaning(trace, calls, outcome),
    )


def _outcome(accepted: Sequence[ReceivedCall]) -> str:
    if len(accepted) != 1:
        return ARRIVED_TWICE if accepted else NEVER_ARRIVED
    return accepted[0].outcome or (SUCCEEDED if accepted[0].run_id else IGNORED)


def _meaning(trace: Trace, calls: Sequence[ReceivedCall], outcome: str) -> str:
    state = STATE_NAMES[trace.state]
    if outcome == NEVER_ARRIVED:
        kind = "activated, but never accepted" if trace.state == sql.ACTIVATED else state
        return f"{kind}: {_refusals(calls)}"
    but = "" if trace.state == sql.ACTIVATED else f"accepted, but {state}"
    return "; ".join(filter(None, (but, _what_became(calls, outcome))))


def _what_became(calls: Sequence[ReceivedCall], outcome: str) -> str:
    accepted = [call for call in calls if call.accepted]
    if outcome == ARRIVED_TWICE:
        times = len({call.request_id for call in accepted})
        counted = (
            f"accepted {times} times" if times > 1 else f"accepted once, ran {len(accepted)} times"
        )
        return f"{counted} ({', '.join(_outcome([call]) for call in reversed(accepted))})"
    if outcome == IGNORED:
        return "accepted, but ignored: the workflow is disabled"
    if outcome == PENDING:
        return "the run is pending"
    error = f": {accepted[0].error}" * bool(accepted[0].error)
    return {FAILED: f"the run failed{error}", BLOCKED: f"the run was blocked{error}"}.get(
        outcome, ""
    )


def _refusals(calls: Sequence[ReceivedCall]) -> str:
    """Return how the mock refused a message, by its newest call."""
    if not calls:
        return "no call came in"
    status, reason = calls[0].status, calls[0].reason or ""
    times = "" if len(calls) == 1 else f" {len(calls)} times, last"
    answer = "without an answer" if status is None else f"with {status}"
    return f"refused{times} {answer} ({_REASONS.get(reason, reason)})"
