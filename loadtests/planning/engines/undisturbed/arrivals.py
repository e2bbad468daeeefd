"""The messages of an export in the order of their arrival, where one segment follows another."""

from itertools import pairwise

from loadtests.planning.plan import Plan, Segment, arrival_us


def come_in_turn(plan: Plan) -> bool:
    """Return whether each segment's messages have arrived before those of the next one."""
    return all(
        one.start_us + arrival_us(one.messages - 1, plan.arrival_rate) < other.start_us
        for one, other in pairwise(sorted(plan.segments()))
    )


class Arrivals:
    """The messages that are still to be taken, in their order.

    Args:
        plan: the plan; its segments `come_in_turn`.

    Attributes:
        segment: the segment of the next message.
        index: which of its messages that is.
        next_at: when that one arrives; None: all are taken.
    """

    def __init__(self, plan: Plan) -> None:
        self._rate = plan.arrival_rate
        self._segments = iter(sorted(plan.segments()))
        self.segment = Segment(0, 0, 0, 0)
        self.index = 0
        self.next_at: int | None = None
        self.advance(0)

    @property
    def left(self) -> int:
        """How many messages of the segment are still to be taken."""
        return self.segment.messages - self.index

    @property
    def person(self) -> int:
        """Whose message the next one is."""
        return self.segment.first_person + self.index

    def advance(self, messages: int = 1) -> None:
        """Take so many messages of the segment."""
        self.index += messages
        if not self.left:
            self.segment, self.index = next(self._segments, Segment(0, 0, 0, 0)), 0
        after_us = arrival_us(self.index, self._rate)
        self.next_at = self.segment.start_us + after_us if self.segment.messages else None
