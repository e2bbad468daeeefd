"""One call as its generator saw it."""

from typing import Final, NamedTuple

NO_ANSWER: Final = 0
"""Stands for a status where no answer came."""


class Call(NamedTuple):
    """One call of a message, with its three clocks in microseconds from the run's beginning.

    Attributes:
        number: the message's number, from 0 in order of arrival.
        attempt: which try it was, from 1.
        intended_us: when it was due.
        sent_us: when it was sent: later than intended if the generator was late.
        answered_us: when its answer was there, or was given up.
        status: the answer's status; ``NO_ANSWER``: none came.
        ending: how the message ended with it: ``delivered``, ``dropped`` or ``uncertain``; empty:
            it has not ended, and is tried again.
    """

    number: int
    attempt: int
    intended_us: int
    sent_us: int
    answered_us: int
    status: int
    ending: str

    @property
    def latency_us(self) -> int:
        """How long it took, counted from when it was due: a slow server hides no queue."""
        return self.answered_us - self.intended_us

    @property
    def lateness_us(self) -> int:
        """By how much its generator was late."""
        return self.sent_us - self.intended_us
