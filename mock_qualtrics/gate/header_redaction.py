"""What of a call's head may be journalled: an allow-list, so that a credential never slips through.

Someone will point a real token at this mock. So headers that are not known to be harmless keep
their name and lose their value, and a path that is not the trigger's loses what looks like a
secret. A caller may send as long a head as they like; what is kept of it is short.
"""

from contracts.redaction import HIDDEN, redact
from mock_qualtrics.gate.attribution import is_trigger_path

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
    """Return the headers with the value of every one that is not known to be harmless hidden.

    The trace id is left out: it has a place of its own in the journal. Very long names and values
    are shortened, and of very many headers the first are returned.
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
    """Return the path as it may be journalled."""
    return path if is_trigger_path(path) else redact(storable(path[:LONGEST_PATH_CHARACTERS]))


def storable(text: str) -> str:
    """Return the text with what not every store takes replaced: NUL and lone surrogates."""
    return text.encode(errors="replace").decode().replace("\0", "\ufffd")


def trace_id(headers: tuple[tuple[str, str], ...]) -> str | None:
    """Return the sender's own id of the message, shortened when it is very long."""
    for name, value in headers:
        if name == TRACE_HEADER and value:
            return storable(value[:LONGEST_TRACE_CHARACTERS])
    return None
