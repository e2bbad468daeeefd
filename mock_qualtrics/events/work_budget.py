"""Limit the work that one event may cause: JSONPath steps, regular expressions, piped text.

A short path can take billions of steps (``$..*..*..*``), a regular expression can backtrack for
hours, and short settings can pipe a long field a thousand times. Steps are counted, so that the
same event always has the same result. Regular expressions cannot be counted, so their processor
time is limited. ``counted_json_path`` spends the steps and the time, ``field_piping`` the text.
"""

from collections.abc import Callable

from mock_qualtrics.clock import Countdown
from mock_qualtrics.errors import TooMuchWorkError

MOST_STEPS = 50_000
MOST_REGEX_SECONDS = 0.25
MOST_PIPED_CHARACTERS = 1_000_000


class WorkBudget:
    """The remaining budget of one event, shared by everything that is evaluated on it.

    Args:
        new_countdown: makes the countdown, in seconds, for regular expressions.
        share: the part of the whole limits that this budget has.
    """

    __slots__ = ("_characters_left", "_countdown", "_new_countdown", "_seconds", "_steps_left")

    def __init__(
        self,
        new_countdown: Callable[[float], Countdown] = Countdown.of_processor_time,
        *,
        share: float = 1.0,
    ) -> None:
        self._new_countdown = new_countdown
        self._seconds = MOST_REGEX_SECONDS * share
        self._steps_left = int(MOST_STEPS * share)
        self._characters_left = MOST_PIPED_CHARACTERS
        self._countdown: Countdown | None = None

    def spend(self, steps: int) -> None:
        """Spend steps.

        Raises:
            TooMuchWorkError: no steps are left.
        """
        self._steps_left -= steps
        if self._steps_left < 0:
            raise TooMuchWorkError(f"it takes more than {MOST_STEPS:,} steps on this event")

    def pipe(self, text: str) -> str:
        """Spend the characters of a text that is piped into a task's settings; return the text.

        Raises:
            TooMuchWorkError: not enough characters are left.
        """
        self._characters_left -= len(text)
        if self._characters_left < 0:
            raise TooMuchWorkError(
                f"more than {MOST_PIPED_CHARACTERS:,} characters of this event "
                "would be piped into the run's tasks"
            )
        return text

    def regex_seconds(self) -> float:
        """Return the remaining time for regular expressions; the first call starts the countdown.

        Raises:
            TooMuchWorkError: no time is left.
        """
        if self._countdown is None:
            self._countdown = self._new_countdown(self._seconds)
        if (left := self._countdown.left_seconds()) > 0:
            return left
        raise self.regex_time_over()

    def regex_time_over(self) -> TooMuchWorkError:
        """End the time for regular expressions; return the error to raise."""
        self._countdown = self._new_countdown(0.0)
        return TooMuchWorkError(
            f"its regular expressions take longer than {MOST_REGEX_SECONDS} s on this event"
        )
