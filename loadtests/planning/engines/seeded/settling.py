"""What follows from the answers to calls of many seeds: a row a call, a column a seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.destination import FAULT, TOO_MANY
from loadtests.planning.engines.seeded.tallies import Tallies
from loadtests.planning.plan import Plan
from sender.transport.outcomes import GATEWAY_TIMEOUT

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to calls.

    Attributes:
        called: which calls were made.
        ran: which messages had a run that was executed before; None: none.
        faults: which calls met a fault.
        lost: which answers were lost.
        found: which calls found a free slot.
        are_last: for each call whether it is a message's last try.
        too_large: for each call whether its message is too large; None: none is.
        executed: which runs may be executed; None: all.
    """

    called: Mask
    ran: Mask | None
    faults: Mask
    lost: Mask
    found: Mask
    are_last: Mask
    too_large: Mask | None
    executed: Mask | None


class Settling:
    """Counts what becomes of messages, and says which are tried again.

    Args:
        plan: the plan.
        tallies: where it is counted.
    """

    def __init__(self, plan: Plan, tallies: Tallies) -> None:
        self._tallies = tallies
        retries = plan.policy.retries_status
        self._retries = retries(GATEWAY_TIMEOUT), retries(FAULT), retries(TOO_MANY)
        self.retries_all = all(self._retries)
        self._has_lost = plan.lost_ratio > 0 or plan.answers_late

    def of(self, answers: Answers) -> tuple[Mask, Mask | None]:
        """Count the endings; return which messages are tried again, and which of them ran."""
        tallies, called = self._tallies, answers.called
        admitted = called & answers.found & ~answers.faults
        rejected = None
        if answers.too_large is not None:
            rejected = admitted & answers.too_large[:, None] & ~answers.lost
            admitted &= ~answers.too_large[:, None]
        seen = admitted & ~answers.lost if self._has_lost else admitted
        tallies.accepted += admitted.sum(axis=0)
        tallies.delivered += seen.sum(axis=0)
        ran = self._runs(answers, admitted, seen)
        again = called & ~seen
        if rejected is not None:
            again &= ~rejected
        again &= ~answers.are_last[:, None]
        if not self.retries_all:
            again &= self._are_retried(answers)
        self._end(called & ~seen & ~again, answers.lost)
        return again, None if ran is None else ran & again

    def _runs(self, answers: Answers, admitted: Mask, seen: Mask) -> Mask | None:
        """Count runs; return which messages have had one that was executed."""
        if answers.executed is None and not self._has_lost:
            return None
        executed = admitted if answers.executed is None else admitted & answers.executed
        ran = executed
        if answers.ran is not None:
            self._tallies.duplicates += (executed & answers.ran).sum(axis=0)
            ran = executed | answers.ran
        self._tallies.blocked += (seen & ~ran).sum(axis=0)
        return ran if self._has_lost else None

    def _are_retried(self, answers: Answers) -> Mask:
        after_lost, after_fault, after_refusal = self._retries
        answered = np.where(answers.faults, after_fault, after_refusal)
        are: Mask = np.where(answers.lost, after_lost, answered)
        return are

    def _end(self, ended: Mask, lost: Mask) -> None:
        if not self._has_lost:
            self._tallies.dropped += ended.sum(axis=0)
            return
        uncertain = (ended & lost).sum(axis=0)
        self._tallies.uncertain += uncertain
        self._tallies.dropped += ended.sum(axis=0) - uncertain
