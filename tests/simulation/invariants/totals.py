"""Totals balance: on both sides, and against what was seen."""

from collections import Counter
from collections.abc import Iterator, Mapping

from simulation.invariants.seen import Seen
from simulation.invariants.stored import (
    ACTIVATED,
    FAILED,
    RUN_FAILED,
    RUN_NOT_STARTED,
    RUN_PENDING,
    RUN_SUCCEEDED,
    UNCERTAIN,
    UNFINISHED,
    MockState,
    SenderState,
)


def balance(totals: Mapping[str, int]) -> str | None:
    """Return what is wrong when a tenant's totals do not balance."""
    received, refused, accepted = totals["received"], totals["refused"], totals["accepted"]
    if received != refused + accepted:
        return f"received {received}, expected {refused} refused + {accepted} accepted"
    became = totals["ignored"] + totals["succeeded"] + totals["failed"]
    became += totals["blocked"] + totals["pending"]
    if accepted + totals["extraRuns"] != became:
        return (
            f"accepted {accepted} + extraRuns {totals['extraRuns']}, expected {became}: ignored, "
            "succeeded, failed, blocked and pending together"
        )
    return None


def all_received(totals: Mapping[str, int], seen: Seen) -> str | None:
    """Return what is wrong when the totals count other calls than the mock took."""
    least, in_doubt = seen.taken()
    most = least + in_doubt
    if not least <= totals["received"] <= most:
        return f"received {totals['received']}, expected {least} to {most}: so many were taken"
    return None


def rows_agree(mock: MockState) -> Iterator[str]:
    """Yield each total that differs from the rows of calls and runs."""
    totals, states = mock.totals, mock.runs_by_state()
    accepted = sum(call.accepted for call in mock.calls)
    counted = {
        "received": (totals["received"], len(mock.calls)),
        "accepted": (totals["accepted"], accepted),
        "ignored": (totals["ignored"], sum(c.accepted and not c.runs for c in mock.calls)),
        "pending": (totals["pending"], states[RUN_PENDING]),
        "succeeded": (totals["succeeded"], states[RUN_SUCCEEDED]),
        "failed": (totals["failed"], states[RUN_FAILED]),
        "blocked": (totals["blocked"], states[RUN_NOT_STARTED]),
        "duplicates": (totals["duplicates"], sum(call.duplicate for call in mock.calls)),
    }
    for name, (total, rows) in counted.items():
        if total != rows:
            yield f"{name}: the totals say {total}, the journal has {rows}"


def never_less(before: Mapping[str, int], now: Mapping[str, int]) -> Iterator[str]:
    """Yield each stored total that has become less since the last look."""
    for name in (
        "received",
        "refused",
        "accepted",
        "succeeded",
        "failed",
        "blocked",
        "ignored",
        "duplicates",
    ):
        if now.get(name, 0) < before.get(name, 0):
            yield f"{name} was {before[name]}, and is {now.get(name, 0)} now"


def report_agrees(report: Mapping[str, int], sender: SenderState) -> Iterator[str]:
    """Yield each count of a sender's report that differs from its outbox's rows.

    Args:
        report: its ``messages``, by name.
        sender: what the outbox holds of the report's run.
    """
    states = Counter(message.state for message in sender.messages)
    counted = {
        "activated": states[ACTIVATED],
        "failed": states[FAILED],
        "uncertain": states[UNCERTAIN],
        "pending": sum(states[state] for state in UNFINISHED),
    }
    for name, rows in counted.items():
        if report[name] != rows:
            yield f"the report has {report[name]} messages {name}, the outbox {rows}"
