"""The sender waits where it must: it was asked to, the destination is down, its turn is later."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from simulation.invariants.endings import STOPS
from simulation.invariants.seen import TOO_MANY_REQUESTS, Message
from simulation.schedule import Setup

SECOND_US = 1_000_000
SERVER_ERROR = 500
DOWN_AFTER = 10  # attempts in a row that failed, after which the destination counts as down
FIRST_PROBE_US = SECOND_US
ROUNDED_US = 2  # what waits in whole microseconds may differ by


@dataclass(slots=True)
class Told:
    """What one process of the sender did, and was told, as far as its waits follow from it.

    Attributes:
        first_tries: when it sent the first tries of messages.
        failures: how many attempts in a row were answered 5xx, or not.
        rests_until_us: before when it is not to call, as refusals with 429 asked.
    """

    first_tries: list[int] = field(default_factory=list)
    failures: int = 0
    rests_until_us: int = 0

    def send(self, at_us: int, number: int) -> None:
        """Note a call, and the attempt's number."""
        if number == 1:
            self.first_tries.append(at_us)

    def end(self, status: int | None, not_before_us: int) -> None:
        """Note how a call ended."""
        self.failures = 0 if status is not None and status < SERVER_ERROR else self.failures + 1
        if status == TOO_MANY_REQUESTS:
            self.rests_until_us = max(self.rests_until_us, not_before_us)


def waited_as_asked(message: Message, at_us: int, rests_until_us: int, setup: Setup) -> str | None:
    """Return what is wrong when the lossless sender did not heed a ``Retry-After``.

    Args:
        message: the message that is sent.
        at_us: when it is sent.
        rests_until_us: until when no call may be made, as asked by a refusal with 429 that the
            sender's process was told of.
        setup: has the policy.
    """
    if setup.policy != "lossless":
        return None
    asked = (a.not_before_us for a in message.attempts if a.recorded and a.status not in STOPS)
    asked_us = max(asked, default=0)
    until_us = max(asked_us, rests_until_us)
    if at_us < until_us - ROUNDED_US:
        return f"message {message.seq} is sent at {at_us} µs, was asked to wait until {until_us} µs"
    return None


def probed_slowly(at_us: int, last_us: int, failures: int, setup: Setup) -> str | None:
    """Return what is wrong when the lossless sender goes on calling a destination that is down.

    Args:
        at_us: when it makes a call.
        last_us: when it made the one before.
        failures: how many attempts in a row its process was told of that were answered 5xx, or not.
        setup: has the policy.
    """
    if setup.policy != "lossless" or failures < DOWN_AFTER:
        return None
    if at_us < last_us + FIRST_PROBE_US - ROUNDED_US:
        return (
            f"a call {at_us - last_us} µs after the one before, though {failures} in a row failed"
        )
    return None


def offered_evenly(first_tries: Sequence[int], setup: Setup) -> str | None:
    """Return what is wrong when first tries come faster than they are offered (A-LIM-1).

    Args:
        first_tries: when the sender's process made them, ascending; the last one is the newest.
        setup: has the offered rate.
    """
    if setup.offered_rate is None or not first_tries:
        return None
    number = len(first_tries) - 1
    earliest_us = first_tries[0] + number * SECOND_US / setup.offered_rate
    if first_tries[-1] < earliest_us - ROUNDED_US:
        return (
            f"first try {number} of this process at {first_tries[-1]} µs, expected "
            f"{earliest_us:.0f} µs at the earliest, at {setup.offered_rate:g} a second"
        )
    return None
