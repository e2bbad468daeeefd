"""What the journal keeps of a call's query, body and answer: enough to see what was wrong. Pure.

No credential is kept, not even a refused one. Of the ids in a trigger URL only the last characters
are kept: they tell one URL from another, and nobody can call with them.
"""

import json
import re
import urllib.parse
from functools import lru_cache
from typing import Final

from contracts.redaction import (
    HIDDEN,
    LONGEST_ENCODED_CHARACTERS,
    hide_credentials,
    hide_secret,
    names_a_secret,
    redact,
)
from mock_qualtrics.gate import credentials
from mock_qualtrics.gate.bounded_cache import bounded_cache
from mock_qualtrics.model import Answer, Call
from mock_qualtrics.storable import storable

LONGEST_QUERY_CHARACTERS: Final = 500
TAIL_CHARACTERS: Final = 4
CUT: Final = "..."  # ASCII, which a database of any encoding takes
_SHORTEST_ID: Final = 12  # of a shorter one, the last characters would tell too much
_IDS: Final = ("urltokenid", "triggerid", "contextid", "userid", "brandid")
_HARMLESS: Final = re.compile(r"true|false|[0-9]{1,6}", re.IGNORECASE)
NO_TEXT: Final = "the body is no text in UTF-8: nothing of it is kept"
_LONGEST_CHARACTER: Final = 4  # bytes, in UTF-8
_SHORTEST_SECRET: Final = 6  # a shorter one would be found in ordinary words
_MARGIN_BYTES: Final = 4_096  # so that a credential at the cut is seen as a whole


@bounded_cache(4_096)
def kept_query(query: str) -> str:
    """Return a query with the ends of its ids (see `tail`) and its values hidden but harmless ones.

    Example:
        >>> kept_query("urlTokenId=0a1b2c3d-1111-4222-8333-444455556666&x=true&y=PLACEHOLDER")
        'urlTokenId=...6666&x=true&y=***'
    """
    cut = query[: 4 * LONGEST_QUERY_CHARACTERS]
    pairs = [pair.partition("=") for pair in cut.split("&") if pair]
    if len(cut) < len(query) and pairs:  # half a token, which nothing would recognize
        name, mark, _ = pairs.pop()
        pairs += [(name, mark, HIDDEN)] if mark else []
    shown = [f"{_kept_name(name)}{mark}{_kept_value(name, value)}" for name, mark, value in pairs]
    return storable("&".join(shown)[:LONGEST_QUERY_CHARACTERS])


def tail(identifier: str) -> str:
    """Return an id's last characters; all is hidden of a short one, or of what may be a token."""
    return ending(identifier) if hide_credentials(identifier) == identifier else HIDDEN


def ending(identifier: str) -> str:
    """Return the last characters of an id that is no secret; all is hidden of a short one."""
    return f"{CUT}{identifier[-TAIL_CHARACTERS:]}" if len(identifier) >= _SHORTEST_ID else HIDDEN


def kept_body(call: Call, most_bytes: int) -> tuple[bytes, str | None]:
    """Return the beginning of a body, with credentials hidden, and what is missing of it.

    Args:
        call: the call, whose own credentials are hidden wherever they stand.
        most_bytes: the most bytes to return.
    """
    text = _beginning(call.body, most_bytes + _MARGIN_BYTES)
    if text is None or "\0" in text:  # UTF-16, perhaps, in which no credential would be recognized
        return b"", NO_TEXT
    secrets = _secrets(call)
    for secret in secrets:
        text = hide_secret(text, secret)
    text = hide_credentials(text)
    is_cut = len(call.body) > most_bytes + _MARGIN_BYTES
    if is_cut:  # at the cut there may be half a credential, which nothing recognizes
        text = text[: 1 - max(LONGEST_ENCODED_CHARACTERS, *map(len, secrets), 0)]
    body = text.encode()
    if len(body) <= most_bytes and not is_cut:
        return body, None
    whole = body[:most_bytes].decode(errors="ignore").encode()
    return whole, f"of the body only the first {most_bytes} bytes are kept"


def _beginning(body: bytes, most_bytes: int) -> str | None:
    try:
        return body[:most_bytes].decode()
    except UnicodeDecodeError as error:
        is_cut = len(body) > most_bytes and error.start > most_bytes - _LONGEST_CHARACTER
        return body[: error.start].decode() if is_cut else None


def kept_answer(answer: Answer) -> str:
    """Return an answer as one text, which `read_answer` reads."""
    body = answer.body.decode(errors="replace").replace("\0", "\ufffd")
    return f"{_head(answer.status, answer.headers)}\n{body}"


def read_answer(kept: str) -> Answer:
    """Return the answer that `kept_answer` has kept."""
    head, _, body = kept.partition("\n")
    status, headers = json.loads(head)
    return Answer(status, body.encode(), tuple((name, value) for name, value in headers))


@lru_cache(maxsize=512)
def _head(status: int, headers: tuple[tuple[str, str], ...]) -> str:
    return json.dumps([status, headers])


def _kept_value(name: str, value: str) -> str:
    if not value or (_HARMLESS.fullmatch(value) and not names_a_secret(name)):
        return value
    return tail(_plain(value)) if _plain(name).lower() in _IDS else HIDDEN


def _kept_name(name: str) -> str:
    return redact(_plain(name))


def _plain(text: str) -> str:
    return hide_credentials(urllib.parse.unquote_plus(text))


def _secrets(call: Call) -> list[str]:
    """Return the credentials that the call sends, each also in the form in which it was sent."""
    sent: list[str] = []
    for name, value in call.headers:
        if name == credentials.TOKEN_HEADER:
            sent.append(value.strip().rpartition(" ")[2])
        elif name == credentials.AUTHORIZATION_HEADER:
            sent.append(value.strip().rpartition(" ")[2])
            shown = credentials.shown(call)
            sent += [one.token.reveal() for one in shown if isinstance(one, credentials.Shown)]
    return [one for one in sent if len(one) >= _SHORTEST_SECRET]
