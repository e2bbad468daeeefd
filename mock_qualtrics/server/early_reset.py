"""Resets a connection when the headers are in and the body is not read, where a fault asks so.

Only faults whose choice does not need the body can strike so early; the others do when the front
door has read it. The call is journalled like any other: refused, and never answered.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.faults.fault_set import Counts
from mock_qualtrics.gate.attribution import is_trigger_path, trigger_key
from mock_qualtrics.model import Call
from mock_qualtrics.server.connection import CONNECTION_KEY

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.server.connection import Application
    from mock_qualtrics.server.trigger_endpoint import Receive, Scope, Send

_log = logging.getLogger(__name__)


class EarlyReset:
    """ASGI callable in front of another: passes on every call that it does not reset.

    Args:
        engine: knows the tenants and their faults, and journals.
        inner: answers the other calls.
    """

    def __init__(self, engine: "Engine", inner: "Application") -> None:
        self._engine = engine
        self._inner = inner

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Reset the call's connection, or pass the call on."""
        if scope["type"] != "http" or not self._matches(scope):
            await self._inner(scope, receive, send)
            return
        try:
            receipt = self._engine.stage(_head(scope))
            self._engine.journal.commit()  # not what others of this turn wait for
            await asyncio.sleep(receipt.delay_seconds)
        except StoreFailedError as error:
            _log.error("%s", error)
        scope[CONNECTION_KEY].reset()

    def _matches(self, scope: "Scope") -> bool:
        if not is_trigger_path(scope["path"]):
            return False
        key = trigger_key(scope["query_string"].decode("latin-1"))
        with self._engine.lock:
            found = self._engine.tenants.by_trigger(key) if key else None
            if found is None or not found[0].faults:
                return False
            tenant = found[0]
            counts = Counts(self._engine.journal.counters(tenant.number).received)
            return tenant.faults.resets_before_body(counts, tenant.clock.now())


def _head(scope: "Scope") -> Call:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )
    return Call(
        scope["method"], scope["path"], scope["query_string"].decode("latin-1"), headers, b""
    )
