"""Which calls a list has. Pure."""

import json
import re
from dataclasses import dataclass
from typing import Any

IGNORED = "ignored"  # accepted without a run, because the workflow was disabled
_PLAIN = re.compile(r"[0-9A-Za-z]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Conditions that a call meets all of; without any, every call does.

    Attributes:
        reason: why it was refused; `IGNORED` for one that was accepted and started nothing.
        status: the status that it was answered with.
        trace_id: its trace id, as the journal keeps it.
        identity: an identity in the ``identityMap`` of its body.
        without_run: whether it started nothing.
    """

    reason: str | None = None
    status: int | None = None
    trace_id: str | None = None
    identity: str | None = None
    without_run: bool = False

    @property
    def by_index(self) -> bool:
        """Whether an index has exactly these calls, so that none is looked at in vain."""
        return self.status is None and self.trace_id is None and self.identity is None


NO_FILTER = CallFilter()


def certain_part(identity: str) -> bytes:
    """Return the longest part that any JSON text of the identity has as it is, unescaped."""
    return max(_PLAIN.findall(identity), key=len, default="").encode()


def has_identity(body: bytes, identity: str) -> bool:
    """Return whether the identity map of a body has this identity.

    Of a body that is no JSON, or was cut, its text is searched.
    """
    text = body.decode(errors="replace")
    try:
        event = json.loads(text, parse_int=str)  # a number may have too many digits
    except (ValueError, RecursionError):
        return identity in text
    return identity in identities(event)


def identities(event: Any) -> set[str]:  # noqa: ANN401  any JSON value
    """Return the identities in an event's identity map (A-MSG-1)."""
    identity_map = event.get("identityMap") if isinstance(event, dict) else None
    lists = identity_map.values() if isinstance(identity_map, dict) else ()
    entries = [entry for entries in lists if isinstance(entries, list) for entry in entries]
    found = [entry.get("id") for entry in entries if isinstance(entry, dict)]
    return {str(identity) for identity in found if isinstance(identity, str | int)}
