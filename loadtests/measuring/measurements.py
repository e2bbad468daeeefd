"""All that a run's calls were like, and what its generator was like meanwhile.

Each worker adds its own calls, and reports now and then what came since. The reports of all, merged
in any order, come to what one worker that had seen all calls would know. What a worker that was
killed had reported by then stays counted.
"""

from collections.abc import Mapping
from typing import Any, Final

from loadtests.measuring.call import NO_ANSWER, Call
from loadtests.measuring.call_tally import MICROSECONDS, Tally
from loadtests.measuring.spans import add_counts
from loadtests.measuring.timeline import Timeline
from sender.transport.outcomes import GATEWAY_TIMEOUT

_DOUBTFUL: Final = {NO_ANSWER, GATEWAY_TIMEOUT}  # such a call may have been taken (Q-FAULT-2)


class Measurements:
    """What a run's calls were like.

    Attributes:
        counted: the calls of messages that arrived after the warm-up: thresholds are about them.
        warm_up: those of messages that arrived in it, however late their retries are.
        timeline: what happened when, warm-up and all.
        unsent: arrivals that were due and never sent.
        processor: for how many seconds a generator's process took so many percent of a core.

    Args:
        bin_seconds: how wide the timeline's bins are to begin with.
        warm_up_us: messages that arrive before this moment are the warm-up.

    Example:
        >>> seen = Measurements(bin_seconds=1.0)
        >>> seen.add(Call(0, 1, 0, 200, 9_800, 202, "delivered"))
        >>> seen.counted.delivered, seen.counted.latency.percentile_us(95)
        (1, 9807)
    """

    def __init__(self, bin_seconds: float, warm_up_us: int = 0) -> None:
        self._first_width_us = max(1, round(bin_seconds * MICROSECONDS))
        self._warm_up_us = warm_up_us
        self._last_warm_up = -1  # messages are numbered in order of arrival
        self._doubtful: set[int] = set()  # messages to be tried again that may have been taken
        self._clear()

    def _clear(self) -> None:
        self.counted = Tally()
        self.warm_up = Tally()
        self.timeline = Timeline(self._first_width_us)
        self.unsent = 0
        self.processor: dict[int, int] = {}

    @property
    def calls(self) -> int:
        """All calls, those of the warm-up too."""
        return self.counted.calls + self.warm_up.calls

    @property
    def messages(self) -> int:
        """All messages whose first call was answered or given up, those of the warm-up too."""
        return self.counted.messages + self.warm_up.messages

    def add(self, call: Call) -> None:
        """Count a call that was answered or given up; one worker counts all calls of a message."""
        number, attempt, intended_us, sent_us, answered_us, status, ending = call
        if number > self._last_warm_up and attempt == 1 and intended_us < self._warm_up_us:
            self._last_warm_up = number
        tally = self.counted if number > self._last_warm_up else self.warm_up
        tally.count(call)
        if attempt > 1 or ending != "delivered":
            tally.certainly_lost += self._is_certainly_lost(call)
        timeline = self.timeline
        timeline.at(answered_us).count_answer(status)
        timeline.at(sent_us).sent += 1
        timeline.at(intended_us).count_due(attempt, answered_us - intended_us)

    def _is_certainly_lost(self, call: Call) -> bool:
        if not call.ending:
            if call.status in _DOUBTFUL:
                self._doubtful.add(call.number)
            return False
        was_doubtful = call.number in self._doubtful
        self._doubtful.discard(call.number)
        return call.ending == "dropped" and not was_doubtful

    def note_unsent(self, messages: int) -> None:
        """Count arrivals that were due and never sent."""
        self.unsent += messages

    def note_processor(self, share: float) -> None:
        """Count a second in which the generator's process took this share of a core."""
        add_counts(self.processor, [(round(share * 100), 1)])

    def taken(self) -> dict[str, Any]:
        """Return what came since the last time, for :meth:`merge`, and begin anew.

        Returns:
            Lists, texts and numbers alone, so that it can be sent as MessagePack or JSON.
        """
        taken = {
            "counted": self.counted.packed(),
            "warmUp": self.warm_up.packed(),
            "timeline": self.timeline.packed(),
            "unsent": self.unsent,
            "processor": list(self.processor.items()),
        }
        self._clear()
        return taken

    def merge(self, taken: Mapping[str, Any]) -> None:
        """Add what another took, perhaps on another machine."""
        self.counted.merge(Tally.unpacked(taken["counted"]))
        self.warm_up.merge(Tally.unpacked(taken["warmUp"]))
        self.timeline.merge(Timeline.unpacked(taken["timeline"]))
        self.unsent += taken["unsent"]
        add_counts(self.processor, taken["processor"])
