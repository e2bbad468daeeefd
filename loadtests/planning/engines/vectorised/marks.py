"""What is counted beside the messages of a simulation."""

from dataclasses import dataclass


@dataclass(slots=True)
class Marks:
    """What is counted beside the messages; instants are those of the export's own calls.

    Attributes:
        windows: windows in which a call was made.
        last_window: the last of them.
        last_call: when the last call was made.
        first_dropped: when the first message was dropped.
        last_dropped: when the last was.
    """

    windows: int = 0
    last_window: int = -1
    last_call: int = 0
    first_dropped: int | None = None
    last_dropped: int | None = None

    def called(self, first: int, last: int, window_us: int) -> None:
        """Count calls of at most one window's length: when the first and the last was made."""
        windows = {first // window_us, last // window_us} - {self.last_window}
        self.windows += len(windows)
        self.last_window = last // window_us
        self.last_call = last

    def dropped(self, first: int, last: int) -> None:
        """Count dropped messages: when the first and the last was."""
        self.first_dropped = first if self.first_dropped is None else min(self.first_dropped, first)
        self.last_dropped = last if self.last_dropped is None else max(self.last_dropped, last)
