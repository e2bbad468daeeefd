"""Which calls a list has. Pure."""

import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

IGNORED = "ignored"  # accepted without a run, because the workflow was disabled
_PLAIN = re.compile(r"[0-9A-Za-z]+", re.ASCII)
ESCAPES = tuple(f"\\u00{digit}".encode() for digit in range(3, 8))
"""How the escapes of all ASCII letters and digits begin in JSON."""
_MAP = '"identityMap"'
_WRITTEN_ID = re.compile(r'"id"\s*:\s*(?:"((?:[^"\\]|\\.)*)|(-?[0-9]+))', re.DOTALL)


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Conditions that a call meets all of; without any, every call does.

    Attributes:
        reason: why it was refused; `IGNORED` for one that was accepted and started nothing.
        status: the status that it was answered with.
        trace_id: its trace id, as the journal keeps it.
        identity: an identity in the ``identityMap`` of its body.
        without_run: whether it started nothing.
        refused: whether it started nothing and should have: it was refused or ignored.
    """

    reason: str | None = None
    status: int | None = None
    trace_id: str | None = None
    identity: str | None = None
    without_run: bool = False
    refused: bool = False

    @property
    def by_index(self) -> bool:
        """Whether an index has exactly these calls, so that only these are looked at."""
        return self.status is None and self.trace_id is None and self.identity is None


NO_FILTER = CallFilter()


def certain_part(identity: str) -> bytes:
    """Return the longest part of ASCII letters and digits, which writers of JSON leave as it is.

    They may be written as escapes all the same: a text with one of :data:`ESCAPES` may have the
    identity without this part.
    """
    return max(_PLAIN.findall(identity), key=len, default="").encode()


def has_identity(body: bytes, identity: str) -> bool:
    """Return whether the identity map of a body has this identity.

    Of a body that is no JSON, or was cut, its text is searched.
    """
    text = body.decode(errors="replace")
    event = _plain_event(text)
    if event is not None:
        return identity in identities(event.value)
    return identity in text or any(identity == decoded for decoded, _ in _written(text))


def identities_in(text: str) -> set[str]:
    """Return the identities in the identity map of an event's text, and how each is written there.

    Of a text that is no JSON, was cut or repeats a key, every id that the map may have.
    """
    written = _written(text)
    event = _plain_event(text)
    if event is None:
        return {spelling for pair in written for spelling in pair}
    found = identities(event.value)
    return found | {raw for decoded, raw in written if decoded in found}


def _written(text: str) -> list[tuple[str, str]]:
    """Return the ids that stand after the name of the identity map, and how each is written."""
    start = max(text.find(_MAP), 0)
    found = [match[1] or match[2] or "" for match in _WRITTEN_ID.finditer(text, start)]
    return [(_decoded(raw), raw) for raw in found if raw]


def _decoded(raw: str) -> str:
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw


class _Event(NamedTuple):
    value: Any


class _RepeatedKeyError(ValueError):
    pass


def _plain_event(text: str) -> _Event | None:
    """Return the JSON value of a text; None of what is no JSON, or repeats a key."""
    try:
        # A number may have too many digits for an integer.
        return _Event(json.loads(text, parse_int=str, object_pairs_hook=_object))
    except (ValueError, RecursionError):
        return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _RepeatedKeyError
    return value


def identities(event: Any) -> set[str]:  # noqa: ANN401  any JSON value
    """Return the identities in an event's identity map (A-MSG-1)."""
    identity_map = event.get("identityMap") if isinstance(event, dict) else None
    lists = identity_map.values() if isinstance(identity_map, dict) else ()
    entries = [entry for entries in lists if isinstance(entries, list) for entry in entries]
    found = [entry.get("id") for entry in entries if isinstance(entry, dict)]
    return {str(identity) for identity in found if isinstance(identity, str | int)}
