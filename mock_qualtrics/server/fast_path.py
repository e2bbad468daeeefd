"""The fast path for ordinary trigger calls, without ASGI.

Nearly every call is small, arrives whole and meets no fault. It needs no coroutine, task or scope:
the connection passes it to the engine when its last byte has arrived, and writes the answer after
the group commit. Other calls take the slow path, through the ASGI callable. Both paths use the same
gate, journal and answers, and send the same bytes (a test compares them).
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from mock_qualtrics.engine.call_handler import Receipt, answer_not_journalled
from mock_qualtrics.engine.latencies import Latencies
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.gate import envelope
from mock_qualtrics.gate.attribution import TRIGGER_PATHS, TriggerTarget
from mock_qualtrics.gate.bounded_cache import bounded_cache
from mock_qualtrics.model import Answer, Call
from mock_qualtrics.server.asgi_types import TARGET_KEY
from mock_qualtrics.server.connection import ConnectionProtocol
from mock_qualtrics.server.group_commit import GroupCommit

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.server.error_log import ErrorLog
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow

    Target = TriggerTarget[Tenant, Workflow]

LONGEST_BODY_BYTES: Final = 65_536  # uvicorn pauses reading a larger body for flow control
_SLOW_PATH_HEADERS: Final = frozenset({b"expect", b"transfer-encoding"})
_BROKEN: Final = envelope.broken()


class FastPath:
    """The state that all connections of one server share.

    Args:
        engine: handles the calls.
        commit: the group commit, shared with the slow path.
        error_log: keeps errors.

    Attributes:
        latencies: how long answers take.
    """

    def __init__(self, engine: "Engine", commit: GroupCommit, error_log: "ErrorLog") -> None:
        self.commit = commit
        self.latencies = Latencies(engine.journal)
        self._engine = engine
        self._error_log = error_log

    def target(self, query: str) -> "Target":
        """Return what a trigger URL with this query names."""
        return self._engine.tenants.resolve(query)

    def take(self, call: Call, target: "Target") -> Receipt | None:
        """Stage a call and return its receipt; None when it must take the slow path now."""
        with self._engine.lock:
            # While the body arrived, the workflow may have changed, or a fault been added.
            if target.revision != self._engine.tenants.revision:
                target = self.target(call.query)
            return self._engine.stage(call, target) if is_open(target) else None

    def failed(self, error: Exception) -> Answer:
        """Return the answer to a call that could not be journalled or caused another error."""
        if isinstance(error, StoreFailedError):
            return answer_not_journalled(error)
        self._error_log.note(error)
        return _BROKEN


def is_open(target: "Target") -> bool:
    """Return whether calls of a trigger URL may take the fast path: its tenant has no faults."""
    return target.tenant is not None and not target.tenant.faults


class FastPathProtocol(ConnectionProtocol):
    """A connection whose ordinary trigger calls take the fast path, one at a time, in order.

    Args:
        fast_path: the state that all connections share.
        arguments: uvicorn's arguments.
    """

    def __init__(self, fast_path: FastPath, **arguments: Any) -> None:  # noqa: ANN401  uvicorn's own
        super().__init__(**arguments)
        self._fast_path = fast_path
        self._trigger: tuple[str, str, Target] | None = None
        self._chunks: list[bytes] | None = None
        self._answer: Answer | None = None
        self._taken: tuple[Receipt, float] | None = None
        self._keeps_open = True
        self._stops = False

    def on_message_begin(self) -> None:
        """Commit and answer a call that still waits, so that pipelined calls stay in order."""
        if self._answer is not None:
            self._fast_path.commit.now()
        super().on_message_begin()

    def begin_call(self) -> None:
        """Choose the path by the request's head."""
        self._trigger = self._fast_trigger()
        if self._trigger is None:
            super().begin_call()
        else:
            self._chunks = []

    def on_body(self, body: bytes) -> None:
        """Collect a part of the body."""
        if self._chunks is None:
            super().on_body(body)
        else:
            self._chunks.append(body)

    def end_call(self) -> None:
        """Handle the call, or pass it to the slow path after all."""
        self._arrived()
        chunks, self._chunks = self._chunks, None
        if chunks is None or self._trigger is None:
            super().end_call()
            return
        body = b"".join(chunks)
        if not self._handle(*self._trigger, body):
            # Replay the events that were held back; the slow path takes the call from its head.
            super().begin_call()
            self.cycle.keep_alive = self.cycle.keep_alive and not self._stops
            super().on_body(body)
            super().end_call()

    def is_idle(self) -> bool:
        """Return whether no call is under way, and nothing else ends the connection in time."""
        return self._answer is None and super().is_idle()

    def shutdown(self) -> None:
        """Close the connection once the current call is answered."""
        self._stops = True
        if self._answer is not None:
            self._keeps_open = False
        elif self._chunks is None:
            super().shutdown()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep a half-closed connection open for an answer, which TLS does not support."""
        if self._answer is None:
            return super().eof_received()
        self._keeps_open = False
        return self.scheme == "http"

    def _fast_trigger(self) -> "tuple[str, str, Target] | None":
        if self.parser.get_method() != b"POST" or self.parser.get_http_version() != "1.1":
            return None
        url = _trigger_url(self.url)
        if url is None or not (self._is_free() and _is_small(self.headers)):
            return None
        path, query = url
        target = self._fast_path.target(query)
        if is_open(target):
            return path, query, target
        self.scope[TARGET_KEY] = target  # type: ignore[typeddict-unknown-key]
        return None

    def _is_free(self) -> bool:
        """Return whether all earlier calls are answered, and the caller reads the answers."""
        answered = self.cycle is None or self.cycle.response_complete
        return answered and not (self.pipeline or self.flow.write_paused)

    def _handle(self, path: str, query: str, target: "Target", body: bytes) -> bool:
        headers = tuple(
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers]
        )
        self._keeps_open = self.parser.should_keep_alive() and not self._stops
        began = self._fast_path.latencies.begin()
        try:
            receipt = self._fast_path.take(Call("POST", path, query, headers, body), target)
        except Exception as error:  # noqa: BLE001  after any error the caller gets an answer
            self._send(self._fast_path.failed(error))
            return True
        if receipt is not None:
            self._answer, self._taken = receipt.answer, (receipt, began)
            self._fast_path.commit.then(self._committed, receipt.call_number)
        return receipt is not None

    def _committed(self, error: Exception | None) -> None:
        answer, self._answer = self._answer, None
        taken, self._taken = self._taken, None
        if answer is not None and not self.transport.is_closing():
            self._send(answer if error is None else self._fast_path.failed(error))
            if taken is not None:
                self._fast_path.latencies.note(*taken)

    def _send(self, answer: Answer) -> None:
        keeps_open = self._keeps_open and answer is not _BROKEN
        headers, body = envelope.as_sent(answer)
        common = tuple(self.server_state.default_headers)
        self.transport.write(_head(answer.status, common, headers, keeps_open) + body)
        if not keeps_open:
            self.transport.close()
        self.on_response_complete()


@bounded_cache(4_096)
def _trigger_url(url: bytes) -> tuple[str, str] | None:
    """Return the path and query of a trigger URL; None for other URLs and invalid ones."""
    try:
        parsed = httptools.parse_url(url)
    except httptools.HttpParserInvalidURLError:
        return None
    path = parsed.path.decode("latin-1")
    return (path, (parsed.query or b"").decode("latin-1")) if path in TRIGGER_PATHS else None


def _is_small(headers: list[tuple[bytes, bytes]]) -> bool:
    """Return whether the body has a small Content-Length, and no header needs the slow path."""
    length_bytes = -1
    for name, value in headers:
        if name == b"content-length":
            length_bytes = int(value)
        elif name in _SLOW_PATH_HEADERS:
            return False
    return 0 <= length_bytes <= LONGEST_BODY_BYTES


@lru_cache(maxsize=1024)
def _head(
    status: int,
    common: tuple[tuple[bytes, bytes], ...],
    headers: tuple[tuple[str, str], ...],
    keeps_open: bool,
) -> bytes:
    """Return an answer's head; cached, as most answers of a second differ in their bodies only."""
    lines = headers if keeps_open else (*headers, ("connection", "close"))
    own = "".join([*(f"{name}: {value}\r\n" for name, value in lines), "\r\n"]).encode("latin-1")
    return STATUS_LINE[status] + b"".join([b"%b: %b\r\n" % header for header in common]) + own
