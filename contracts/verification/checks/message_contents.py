"""What stands in each message: the schema, and identities in plain text."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Final

from contracts.documents import parse_json
from contracts.masking import mask_identity
from contracts.validation import validate
from contracts.verification.evidence import Evidence
from contracts.verification.traffic import Call

_HASH: Final = re.compile(r"(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128})")
_CUT_SHORT: Final = frozenset({"not-json", "payload-too-large", "content-encoding"})


def schema(evidence: Evidence) -> Iterator[str]:
    """Yield what is wrong in each message's body (A-MSG-1, A-MSG-2, A-MAP-2, Q-BODY-1)."""
    told: set[str] = set()
    for call in _posts(evidence):
        if call.body is None:
            yield from _missing(call)
            continue
        if call.same_body is not None and call.same_body in told:
            continue  # the same message again
        told.add(call.same_body or "")
        yield from (f"{call.place}: {problem}" for problem in _problems(call.body))


def plain_identities(evidence: Evidence) -> Iterator[str]:
    """Yield each e-mail identity that looks hashed: plain text only (A-MAP-2)."""
    for call in _posts(evidence):
        for identity in emails_of(call.value):
            if _HASH.fullmatch(identity):
                yield (
                    f"{call.place}: the e-mail identity {mask_identity(identity)} has "
                    f"{len(identity)} hexadecimal digits, as a hash has; expected plain text"
                )


def emails_of(message: object) -> list[str]:
    """Return the identities of a message that stand under ``Email`` or ``email`` (A-MSG-1)."""
    match message:
        case {"identityMap": dict(namespaces)}:
            lists = [found for name, found in namespaces.items() if name.lower() == "email"]
            ones = [one for found in lists if isinstance(found, list) for one in found]
            ids = [one.get("id") for one in ones if isinstance(one, dict)]
            return [identity for identity in ids if isinstance(identity, str)]
    return []


def _posts(evidence: Evidence) -> Iterator[Call]:
    return (call for call in evidence.traffic.triggers if call.method == "POST")


def _missing(call: Call) -> Iterator[str]:
    # Of a call that it refuses a mock keeps the beginning; what was taken must be known.
    if call.accepted or call.reason is None:
        yield f"{call.place}: the recording has no whole body; expected one, to be judged"
    elif call.reason in _CUT_SHORT:
        yield f"{call.place}: the mock refused the body: {call.reason}"


def _problems(body: bytes) -> Iterator[str]:
    if body.startswith(BOM_UTF8):
        yield "the body begins with a byte order mark; expected JSON alone"
        return
    if not body.strip():
        yield "the body is empty; expected a JSON object"
        return
    try:
        value = parse_json(body.decode())
    except UnicodeDecodeError as error:
        yield f"the body is no UTF-8: byte {error.object[error.start]:#04x} at {error.start}"
    except ValueError as error:
        yield f"the body is no strict JSON: {error}"
    else:
        yield from map(str, validate(value, "exported-message"))
