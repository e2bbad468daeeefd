"""Redact a call's headers and path before they are journalled.

Someone will send a real token to this mock. So only the values of an allow-list of headers are
kept, other headers keep only their name, and a path other than the trigger's is searched for
secrets. Header names, values and paths are cut to a maximum length.
"""

from contracts.redaction import (
    HIDDEN,
    LONGEST_ENCODED_CHARACTERS,
    TOKEN_CHARACTERS,
    hide_credentials,
    hide_secret,
    redact,
)
from mock_qualtrics.gate import credentials
from mock_qualtrics.gate.attribution import is_trigger_path
from mock_qualtrics.gate.bounded_cache import bounded_cache
from mock_qualtrics.storable import storable

TRACE_HEADER = "x-trace-id"
LONGEST_TRACE_CHARACTERS = 200
LONGEST_PATH_CHARACTERS = 500
LONGEST_HEADER_CHARACTERS = 500
MOST_HEADERS = 100

HARMLESS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "expect",
        "host",
        "transfer-encoding",
        "user-agent",
    }
)


def harmless(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the headers, with all values hidden that are not on the allow-list.

    The trace id is left out: the journal has a column for it. Long names and values are cut, and
    only the first ``MOST_HEADERS`` headers are returned.
    """
    longest = LONGEST_HEADER_CHARACTERS
    return tuple(
        [
            (name, value if len(value) < TOKEN_CHARACTERS else _without_credentials(value))
            if name in HARMLESS
            else (name[:longest], HIDDEN)
            for name, value in headers[:MOST_HEADERS]
            if name != TRACE_HEADER
        ]
    )


def journalled_path(path: str) -> str:
    """Return the path with secrets hidden."""
    return path if is_trigger_path(path) else _redacted_path(path)


@bounded_cache(1_024)
def _redacted_path(path: str) -> str:
    cut = path[: 4 * LONGEST_PATH_CHARACTERS]
    shown = redact(storable(cut))
    if len(cut) < len(path):  # at the cut there may be half a token, which nothing recognizes
        shown = shown[: 1 - LONGEST_ENCODED_CHARACTERS]
    return shown[:LONGEST_PATH_CHARACTERS]


@bounded_cache(1_024)
def _without_credentials(value: str) -> str:
    return hide_credentials(value)[:LONGEST_HEADER_CHARACTERS]


def trace_id(headers: tuple[tuple[str, str], ...]) -> str | None:
    """Return the sender's id of the message, cut to ``LONGEST_TRACE_CHARACTERS``.

    It is hidden if it has the call's own token in it.
    """
    for name, value in headers:
        if name == TRACE_HEADER and value:
            if len(value) >= TOKEN_CHARACTERS and _has_own_token(value, headers):
                return HIDDEN
            return kept_trace_id(value)
    return None


def _has_own_token(value: str, headers: tuple[tuple[str, str], ...]) -> bool:
    # A trace id of the same form, such as a SHA-1 in hexadecimal, is none.
    return any(
        hide_secret(value, token) != value
        for token in credentials.tokens_in(headers)
        if len(token) >= TOKEN_CHARACTERS
    )


def kept_trace_id(value: str) -> str:
    """Return a trace id as it is kept."""
    return storable(value[:LONGEST_TRACE_CHARACTERS])
