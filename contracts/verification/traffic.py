"""Calls as they were recorded, by any recorder: what verification judges. Pure.

No secret is in here: URLs have no query, and headers only what is harmless.
"""

import enum
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.exact_values import exact_value, same_text
from contracts.masking import mask_identity
from contracts.redaction import hide_secrets

LARGEST_BYTES: Final = 102_400
"""The largest payload that is taken (Q-LIM-3)."""
SUCCESS: Final = range(200, 300)


class Credential(enum.StrEnum):
    """What a call carried to authenticate itself."""

    TOKEN = "token"  # noqa: S105  a kind, no token
    BASIC = "basic"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that was recorded.

    Attributes:
        place: where people find it: ``entry 3`` of a file, ``request …`` of a mock.
        at: when it was made, in seconds since 1970.
        method: the HTTP method.
        url: its URL without a query.
        is_trigger: whether it went to the path of JSON Events.
        status: what was answered; None when no answer was seen.
        accepted: whether the destination took it, as far as the recording tells.
        answer_seconds: how long the answer took; None when that is not known.
        answer_was_lost: whether the caller may not have seen the answer.
        headers: its headers by names in lower case, without secrets.
        body: the whole body; None when the recording does not have it.
        body_bytes: its size; None when that is not known.
        trace_id: its header X-Trace-Id.
        trigger: which trigger it went to: calls of two are two messages. Never shown.
        credential: what it carried; None when the recording cannot tell.
        token_in: where the account's token stood: ``header``, ``basic``, ``query``, ``body``; None
            when the recording cannot tell.
        retry_after_seconds: how long the answer asks to wait.
        reason: why a mock refused it.
    """

    place: str
    at: float
    method: str = "POST"
    url: str = ""
    is_trigger: bool = True
    status: int | None = 202
    accepted: bool = True
    answer_seconds: float | None = None
    answer_was_lost: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    body_bytes: int | None = None
    trace_id: str | None = None
    trigger: str = field(default="", repr=False)
    credential: Credential | None = Credential.BASIC
    token_in: frozenset[str] | None = frozenset()
    retry_after_seconds: float | None = None
    reason: str | None = None

    @functools.cached_property
    def value(self) -> Any:  # noqa: ANN401  any JSON value
        """The body's JSON value with exact numbers; None when it is not known, or no JSON."""
        try:
            return None if self.body is None else exact_value(self.body)
        except ValueError:
            return None

    @functools.cached_property
    def same_body(self) -> str | None:
        """A text that calls with the same JSON body share; None when it is not known."""
        try:
            return None if self.value is None else same_text(self.value)
        except ValueError:  # nested too deeply
            return None

    @property
    def failed_at(self) -> float:
        """When the caller knew that it had failed."""
        return self.at + (self.answer_seconds or 0.0)

    @property
    def answer(self) -> str:
        """What was answered, in words."""
        return "no answer" if self.status is None else f"status {self.status}"


@dataclass(frozen=True, slots=True)
class Traffic:
    """All calls of a recording, oldest first.

    Attributes:
        subject: where they are from, as people are told.
        calls: those that were recorded.
        largest_bytes: the largest body that the destination takes (Q-LIM-3).
        strangers: calls that name no account, so that nobody knows whose they were.
        hide: returns a text without the secrets of the recording.
    """

    subject: str
    calls: tuple[Call, ...]
    largest_bytes: int = LARGEST_BYTES
    strangers: int = 0
    hide: Callable[[str], str] = hide_secrets

    @property
    def triggers(self) -> list[Call]:
        """The calls to the path of JSON Events."""
        return [call for call in self.calls if call.is_trigger]


@dataclass(frozen=True, slots=True)
class Message:
    """One message, and each time that it was sent, oldest first."""

    tries: tuple[Call, ...]

    @property
    def accepted(self) -> list[Call]:
        """The calls that the destination took."""
        return [call for call in self.tries if call.accepted]

    @property
    def is_known(self) -> bool:
        """Whether it would be known again: by its trace id, or by its body."""
        first = self.tries[0]
        return first.trace_id is not None or first.body is not None

    @property
    def name(self) -> str:
        """How people recognize it: by trace id and by identity, masked."""
        first = self.tries[0]
        trace = f"trace id {first.trace_id}" if first.trace_id else ""
        identity = next(iter(identities_of(first.value)), None)
        whose = f"the message of {mask_identity(identity)}" if identity else "a message"
        return f"{whose} ({trace})" if trace else whose


def messages_of(traffic: Traffic) -> list[Message]:
    """Return the messages that were posted, in the order of their first call.

    The calls of one message go to one trigger and share a trace id; without one they share their
    body: its JSON value, or its bytes where it is no JSON. A call of which neither is known is a
    message of its own.
    """
    tries: dict[object, list[Call]] = {}
    for number, call in enumerate(traffic.triggers):
        if call.method == "POST":
            named = ("trace", call.trace_id) if call.trace_id else _body_of(call)
            key = (call.trigger, *named) if named[1] is not None else number
            tries.setdefault(key, []).append(call)
    return [Message(tuple(calls)) for calls in tries.values()]


def _body_of(call: Call) -> tuple[str, str | bytes | None]:
    return ("bytes", call.body) if call.same_body is None else ("body", call.same_body)


def identities_of(message: object) -> list[str]:
    """Return all identities of a message, in its order; none when it is no message."""
    match message:
        case {"identityMap": dict(namespaces)}:
            lists = [found for found in namespaces.values() if isinstance(found, list)]
            found = [one.get("id") for listed in lists for one in listed if isinstance(one, dict)]
            return [identity for identity in found if isinstance(identity, str)]
    return []
