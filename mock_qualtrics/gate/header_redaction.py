"""Redact a call's headers and path before they are journalled.

Someone will send a real token to this mock. So only the values of an allow-list of headers are
kept, other headers keep only their name, and a path other than the trigger's is searched for
secrets. Header names, values and paths are cut to a maximum length.
"""

from contracts.redaction import HIDDEN, redact
from mock_qualtrics.gate.attribution import is_trigger_path
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
            (name, value[:longest]) if name in HARMLESS else (name[:longest], HIDDEN)
            for name, value in headers[:MOST_HEADERS]
            if name != TRACE_HEADER
        ]
    )


def journalled_path(path: str) -> str:
    """Return the path with secrets hidden."""
    return path if is_trigger_path(path) else redact(storable(path[:LONGEST_PATH_CHARACTERS]))


def trace_id(headers: tuple[tuple[str, str], ...]) -> str | None:
    """Return the sender's id of the message, cut to ``LONGEST_TRACE_CHARACTERS``."""
    for name, value in headers:
        if name == TRACE_HEADER and value:
            return kept_trace_id(value)
    return None


def kept_trace_id(value: str) -> str:
    """Return a trace id as it is kept."""
    return storable(value[:LONGEST_TRACE_CHARACTERS])
