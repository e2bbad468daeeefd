"""The form of each call: its method, media type, encoding and size."""

from collections.abc import Iterator

from contracts.counts import counted
from contracts.verification.evidence import Evidence
from contracts.verification.traffic import Call

_UNKNOWN = ("unknown-path", "unknown-trigger")
_CHARSETS = ("utf-8", "utf8", "us-ascii")


def recorded(evidence: Evidence) -> Iterator[str]:
    """Yield a reason when there is no message at all: nothing would have been verified."""
    traffic = evidence.traffic
    posts = [call for call in traffic.triggers if call.method == "POST"]
    if posts:
        if all(call.reason in _UNKNOWN for call in posts):
            told = counted(len(posts), "message")
            yield f"no message reached a workflow: the URL of {told} names none ({posts[0].place})"
        return
    others = f"; recorded: {counted(len(traffic.calls), 'other call')}" if traffic.calls else ""
    strangers = f"; {_of_nobody(traffic.strangers)}" if traffic.strangers else ""
    yield f"no message was recorded: expected at least one POST to a trigger{others}{strangers}"


def _of_nobody(count: int) -> str:
    return f"{counted(count, 'call')} {'names' if count == 1 else 'name'} no account"


def methods(evidence: Evidence) -> Iterator[str]:
    """Yield each call of a trigger that is no POST (Q-URL-1)."""
    for call in evidence.traffic.triggers:
        if call.method != "POST":
            yield f"{call.place}: the method is {call.method}, expected POST"


def media_types(evidence: Evidence) -> Iterator[str]:
    """Yield each message that is not sent as JSON, or is compressed (Q-BODY-1, Q-LIM-3)."""
    for call in evidence.traffic.triggers:
        given = call.headers.get("content-type", "")
        if given.strip() and not is_json_type(given):
            yield f"{call.place}: Content-Type is {given!r}, expected application/json"
        if not given.strip() and call.reason == "media-type":
            yield f"{call.place}: no Content-Type, expected application/json"
        encoding = call.headers.get("content-encoding", "").strip()
        if encoding.lower() not in ("", "identity"):
            yield f"{call.place}: Content-Encoding is {encoding!r}, expected none"


def sizes(evidence: Evidence) -> Iterator[str]:
    """Yield each message that is larger than the destination takes (Q-LIM-3)."""
    most = evidence.traffic.largest_bytes
    for call in evidence.traffic.triggers:
        if (size := size_of(call)) is not None and size > most:
            yield f"{call.place}: the body has {size:,} bytes, expected at most {most:,}"


def size_of(call: Call) -> int | None:
    """Return the size of a call's body in bytes; None when it is not known."""
    if call.body_bytes is None and call.body is not None:
        return len(call.body)
    return call.body_bytes


def is_json_type(content_type: str) -> bool:
    """Return whether a media type is JSON in UTF-8.

    Example:
        >>> is_json_type("application/json; charset=utf-8"), is_json_type("text/plain")
        (True, False)
    """
    essence, *parameters = (part.strip().lower() for part in content_type.split(";"))
    known = essence == "application/json" or (
        essence.startswith("application/") and essence.endswith("+json")
    )
    charsets = [part.partition("=")[2].strip('" ') for part in parameters if part[:7] == "charset"]
    return known and all(charset in _CHARSETS for charset in charsets)
