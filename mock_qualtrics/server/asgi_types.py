"""The types of ASGI, and the keys that this server adds to a call's scope."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CONNECTION_KEY: Final = "mock_qualtrics.connection"
"""The connection of the call: a ``ConnectionProtocol``."""

CYCLE_KEY: Final = "mock_qualtrics.cycle"
"""uvicorn's part for this call: a ``RequestResponseCycle``, which sends the answer."""

TARGET_KEY: Final = "mock_qualtrics.target"
"""What the call's URL names: a ``TriggerTarget``, present once it was looked up."""
