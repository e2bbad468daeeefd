"""What an event stream says, as text/event-stream has it. Pure.

Each change is one event, whose id is the position: a caller that comes again says the last one that
it has, as ``Last-Event-ID``, and is told whether anything changed since.
"""

import json
from typing import Final

from mock_qualtrics.web.changes.positions import Position, Standing

MEDIA_TYPE: Final = "text/event-stream"
RETRY: Final = b"retry: 1000\n\n"
"""Said first: after how many milliseconds to come again, once the stream has ended."""
COMMENT: Final = b": nothing new\n\n"
GONE: Final = b"event: gone\ndata: {}\n\n"
"""Said last, when the tenant was deleted: it does not come again."""


def change(standing: Standing, told: str) -> bytes:
    """Return the event that tells where a tenant stands now.

    Args:
        standing: where it stands.
        told: the position that the caller knows; any other text is an unknown one.
    """
    new = standing.position.since(Position.read(told))
    data = json.dumps({"totals": standing.totals, "new": new}, separators=(",", ":"))
    return f"event: change\nid: {standing.position}\ndata: {data}\n\n".encode()


def news(standing: Standing | None, told: str) -> bytes | None:
    """Return what is to be told to a caller that knows a position; None when it knows all.

    Args:
        standing: where the tenant stands; None when it was deleted.
        told: the position that the caller knows.
    """
    if standing is None:
        return GONE
    return None if str(standing.position) == told else change(standing, told)
