"""How much work one event may be: its JSONPaths, and what is piped from it.

A path of a few letters can be billions of steps (``$..*..*..*``), and a regular expression can try
for longer than anyone waits. Steps are counted, so that the same event always ends the same way;
only regular expressions, which count nothing, are held to processor time. Steps are spent in
``counted_json_path``. A few letters can also name a long field a thousand times: see
``field_piping``.
"""

from collections.abc import Callable

from mock_qualtrics.clock import Countdown
from mock_qualtrics.errors import TooMuchWorkError

MOST_STEPS = 50_000
MOST_REGEX_SECONDS = 0.25
MOST_PIPED_CHARACTERS = 1_000_000


class WorkBudget:
    """What is left of one event's allowance; all that is asked of the event shares it.

    Args:
        new_countdown: makes the countdown, in seconds, for regular expressions.
    """

    __slots__ = ("_characters_left", "_countdown", "_new_countdown", "_steps_left")

    def __init__(
        self, new_countdown: Callable[[float], Countdown] = Countdown.of_processor_time
    ) -> None:
        self._new_countdown = new_countdown
        self._steps_left = MOST_STEPS
        self._characters_left = MOST_PIPED_CHARACTERS
        self._countdown: Countdown | None = None

    def spend(self, steps: int) -> None:
        """Take steps off.

        Raises:
            TooMuchWorkError: none is left.
        """
        self._steps_left -= steps
        if self._steps_left < 0:
            raise TooMuchWorkError(f"it takes more than {MOST_STEPS:,} steps on this event")

    def pipe(self, text: str) -> str:
        """Take a text off that is put into a task's settings; return it.

        Raises:
            TooMuchWorkError: no room is left for it.
        """
        self._characters_left -= len(text)
        if self._characters_left < 0:
            raise TooMuchWorkError(
                f"more than {MOST_PIPED_CHARACTERS:,} characters of this event "
                "would be piped into the run's tasks"
            )
        return text

    def regex_seconds(self) -> float:
        """Return how long a regular expression may take from now on; the clock starts here.

        Raises:
            TooMuchWorkError: no time is left.
        """
        if self._countdown is None:
            self._countdown = self._new_countdown(MOST_REGEX_SECONDS)
        if (left := self._countdown.left_seconds()) > 0:
            return left
        raise self.regex_time_over()

    def regex_time_over(self) -> TooMuchWorkError:
        """Let no regular expression of the event begin any more; return what is to be raised."""
        self._countdown = self._new_countdown(0.0)
        return TooMuchWorkError(
            f"its regular expressions take longer than {MOST_REGEX_SECONDS} s on this event"
        )
