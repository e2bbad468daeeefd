"""The trace ids of one run: from a message's number, and back. Pure.

So nobody has to keep a table of what was sent: the header ``X-Trace-Id`` of a call in a mock's
journal says which message it was, and calls of other runs are told apart.
"""

import uuid
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

_NUMBER_BITS: Final = 48
_RUN_BYTES: Final = 8
MOST_MESSAGES: Final = 1 << _NUMBER_BITS


@dataclass(frozen=True, slots=True)
class TraceIds:
    """What a run's trace ids are.

    Attributes:
        run_id: a text that no other run against the same destination has.

    Example:
        >>> traces = TraceIds("run 1")
        >>> traces.number_of(traces.of(7))
        7
        >>> TraceIds("run 2").number_of(traces.of(7)) is None
        True
    """

    run_id: str

    def of(self, number: int) -> str:
        """Return the trace id of a message: a UUID of version 8, the same on every retry.

        Args:
            number: from 0, below ``MOST_MESSAGES``.
        """
        return str(uuid.UUID(int=self._prefix() << 64 | _VARIANT | number))

    def number_of(self, trace_id: str | None) -> int | None:
        """Return the number of the message with this trace id; None: it is of no message here."""
        try:
            value = uuid.UUID(trace_id or "").int
        except ValueError:
            return None
        number = value & (MOST_MESSAGES - 1)
        return number if value == self._prefix() << 64 | _VARIANT | number else None

    def _prefix(self) -> int:
        digest = blake2b(self.run_id.encode(), digest_size=_RUN_BYTES).digest()
        return int.from_bytes(digest) & ~0xF000 | _VERSION


_VERSION: Final = 0x8000  # a UUID of version 8 means what its maker says (RFC 9562)
_VARIANT: Final = 1 << 63
