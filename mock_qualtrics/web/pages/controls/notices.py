"""What a form has done, told on the page after it: ``done=`` names it. Pure.

The address can only choose among these sentences and give counts, so it cannot put words on a page.
"""

import re
from collections.abc import Mapping
from typing import Final

COUNTS: Final = ("succeeded", "failed", "pending")
_COUNT: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_SENTENCES: Final = {
    "advanced": "The clock was advanced, and what became due was done.",
    "fault-added": "The fault was added. It counts calls from now on.",
    "fault-removed": "The fault was removed.",
    "faults-cleared": "All faults were removed.",
    "settings": "The settings were changed. They hold from the next call on.",
    "reset": "The tenant was reset: journal, counters and faults are empty.",
    "token": "The tenant has a new API token. The old one is answered 401 from now on (Q-AUTH-6).",
    "created": "The tenant was created, with a workflow, whose trigger URL Workflows has.",
    "deleted": "The tenant was deleted.",
}


def notice(query: Mapping[str, str]) -> str | None:
    """Return the sentence about what was done; None when the address names nothing.

    Example:
        >>> notice({"done": "idle", "succeeded": "2", "failed": "0", "pending": "0"})
        '2 runs finished: 2 succeeded, 0 failed. Nothing waits.'
    """
    done = query.get("done", "")
    return _ended(query) if done == "idle" else _SENTENCES.get(done)


def _ended(query: Mapping[str, str]) -> str | None:
    given = [query.get(name, "") for name in COUNTS]
    if not all(map(_COUNT.fullmatch, given)):
        return None
    succeeded, failed, pending = map(int, given)
    finished = succeeded + failed
    rest = f"{pending} still pending." if pending else "Nothing waits."
    if not finished:
        return f"No run finished. {rest}"
    runs = f"{finished} run{'' if finished == 1 else 's'} finished"
    return f"{runs}: {succeeded} succeeded, {failed} failed. {rest}"
