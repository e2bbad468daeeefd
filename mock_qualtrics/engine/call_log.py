"""One line a call on standard error, for `serve --log-calls`: no token, no identity, no query.

Only a server that logs calls has this handler, so others pay nothing for it.
"""

import contextlib
import sys
import threading
from collections.abc import Set
from typing import Any, NamedTuple

from contracts.redaction import redact
from contracts.terminal import printable
from mock_qualtrics import ids
from mock_qualtrics.clock import format_instant, monotonic_seconds
from mock_qualtrics.engine.call_handler import CallHandler, Receipt
from mock_qualtrics.gate.envelope import store_failed
from mock_qualtrics.model import Call, NewRun, RequestRow


class _Taken(NamedTuple):
    """A call that waits to be durable; the seconds are those of the monotonic clock."""

    row: RequestRow
    number: int
    run_id: str | None
    since_seconds: float
    delay_seconds: float


class _Waiting(threading.local):
    """The calls that the current thread took: only its own commit tells how they are answered."""

    def __init__(self) -> None:
        self.calls: list[_Taken] = []


class LoggingCallHandler(CallHandler):
    """Handles calls as its base does, and writes a line for each once it is durable."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401  as its base's
        super().__init__(*arguments)
        self._staged: tuple[RequestRow, bool] | None = None
        self._waiting = _Waiting()

    def take(self, call: Call, *arguments: Any) -> Receipt:  # noqa: ANN401  as its base's
        """Check and stage one call; return its answer."""
        since = monotonic_seconds()
        receipt = super().take(call, *arguments)
        if self._staged is not None:
            (row, has_run), self._staged = self._staged, None
            number = receipt.call_number
            run_id = ids.run_id(self._key, number) if has_run else None
            taken = _Taken(row, number, run_id, since, receipt.delay_seconds)
            self._waiting.calls.append(taken)
        return receipt

    def committed(self, *, durable: bool, set_aside: Set[int] = frozenset()) -> None:
        """Write a line for each call of this thread; one that is not durable is answered 503."""
        waiting, self._waiting.calls = self._waiting.calls, []
        if not waiting:
            return
        now = monotonic_seconds()
        lines = [
            _line(each, now, durable=durable and each.number not in set_aside) for each in waiting
        ]
        with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
            sys.stderr.write("".join(f"{line}\n" for line in lines))
            sys.stderr.flush()

    def _stage(self, row: RequestRow, runs: tuple[NewRun, ...] = ()) -> None:
        super()._stage(row, runs)
        self._staged = row, bool(runs)


def _line(taken: _Taken, now_seconds: float, *, durable: bool) -> str:
    row = taken.row
    status = row.status if durable else store_failed().status
    reason = row.reason if durable else "store-failed"
    milliseconds = (now_seconds - taken.since_seconds + taken.delay_seconds) * 1_000
    parts = [format_instant(row.received_at), row.method, row.path, str(status or "unanswered")]
    named = {"reason": reason, "run": taken.run_id if durable else None, "trace": row.trace_id}
    parts += [f"{name}={value}" for name, value in named.items() if value]
    return printable(redact(" ".join([*parts, f"{milliseconds:.1f}ms"])))
