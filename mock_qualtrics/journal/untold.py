"""Which calls were staged by a thread and are not answered yet; their callers wait for its commit.

Another thread's commit may store them first, or fail first, and tells their callers nothing.
"""

import threading


class UnansweredCalls(threading.local):
    """The calls' numbers; each thread sees its own."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def take(self) -> list[int]:
        """Return them, and know of none any more."""
        calls, self.calls = self.calls, []
        return calls
