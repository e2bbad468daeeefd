"""Says which statuses of a profile's audiences cannot be read. Pure.

Adobe's field group lists the statuses in lower case, so ``Realized`` is none of them (A-MSG-2).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sender.mapping.hints.identity_hints import kind_of

STATUS_HINT = "segmentMembership.ups."
"""How each hint of this module begins."""
_SHOWN_AUDIENCES = 3
# Only what looks like a status is shown: anything else may be personal data in a wrong place.
_LOOKS_LIKE_ONE = re.compile(r"\s*(realized|existing|exited|active|entered|left)\s*", re.IGNORECASE)


def status_hint(profile: Mapping[str, Any], audiences: Iterable[str]) -> str:
    """Return what stands where the status of each of these audiences was expected.

    Args:
        profile: the profile.
        audiences: those whose status could not be read; one that is missing gets no hint.

    Example:
        >>> vip = {"status": "Realized"}
        >>> status_hint({"segmentMembership": {"ups": {"vip": vip}}}, ["vip"])
        "segmentMembership.ups.vip.status: 'Realized'; expected 'realized' or 'exited'"
    """
    memberships = profile.get("segmentMembership")
    ups = memberships.get("ups") if isinstance(memberships, Mapping) else None
    if not isinstance(ups, Mapping):
        return ""
    found = sorted(key for key in audiences if ups.get(key) is not None)
    return ", ".join(_hint(key, ups[key]) for key in found[:_SHOWN_AUDIENCES])


def _hint(audience: str, entry: object) -> str:
    column = f"{STATUS_HINT}{audience}"
    if not isinstance(entry, Mapping):
        return f"{column}: {kind_of(entry)}; expected {{'lastQualificationTime', 'status'}}"
    if "status" not in entry:
        return f"{column}: no status; expected 'realized' or 'exited'"
    return f"{column}.status: {_shown(entry['status'])}; expected 'realized' or 'exited'"


def _shown(status: object) -> str:
    if looks_like_a_status(status):
        return repr(status)
    return "another text" if isinstance(status, str) else kind_of(status)


def looks_like_a_status(value: object) -> bool:
    """Return whether a value that is no status may be shown: it is nearly one, and nobody's data.

    Example:
        >>> looks_like_a_status("Realized"), looks_like_a_status("Dave")
        (True, False)
    """
    return isinstance(value, str) and _LOOKS_LIKE_ONE.fullmatch(value) is not None
