"""Says what a profile without an exportable identity has instead. Pure.

Names columns and kinds of values, never a value: ids are personal data.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

MOST_HINTS = 20
_SHOWN_NAMESPACES = 3
_NAMESPACE = re.compile(r"[A-Za-z][A-Za-z_-]{0,31}")
_IDS = "a list of {'id': text or whole number}"
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a boolean"),
    (str, "a text"),
    (int, "a whole number"),
    (float, "a floating-point number, which may have lost digits"),
    (Decimal, "a decimal with a fraction"),
    (bytes, "binary, which is no text"),
    (Mapping, "an object"),
    ((list, tuple), "a list"),
    (type(None), "null"),
)


def identity_hint(profile: Mapping[str, Any], namespaces: Sequence[str]) -> str:
    """Return what stands where each mapped identity was expected."""
    identity_map = profile.get("identityMap")
    if not isinstance(identity_map, Mapping):
        found = kind_of(identity_map) if "identityMap" in profile else "missing"
        return f"identityMap: {found}; expected an object"
    return ", ".join(_namespace_hint(identity_map, name) for name in namespaces)


def _namespace_hint(identity_map: Mapping[str, Any], name: str) -> str:
    column = f"identityMap.{name}"
    entries = identity_map.get(name)
    if entries is None:
        return f"{column}: missing{_others(identity_map)}"
    if not isinstance(entries, list | tuple):
        return f"{column}: {kind_of(entries)}; expected {_IDS}"
    kinds = {_entry_kind(entry) for entry in entries}
    return f"{column}: {' and '.join(sorted(kinds)) or 'an empty list'}"


def _entry_kind(entry: object) -> str:
    if not isinstance(entry, Mapping):
        return f"{kind_of(entry)} in the list, expected {{'id': …}}"
    if "id" not in entry:
        return "an entry without id"
    return "an empty text" if entry["id"] == "" else kind_of(entry["id"])


def _others(identity_map: Mapping[str, Any]) -> str:
    # Only what looks like a namespace: a key may be an address, if somebody built the map wrongly.
    names = [name for name in identity_map if isinstance(name, str) and _NAMESPACE.fullmatch(name)]
    names = names[:_SHOWN_NAMESPACES]
    return f" (found {', '.join(names)})" if names else ""


def kind_of(value: object) -> str:
    """Return what kind of value it is, in words."""
    kinds = (words for type_, words in _KINDS if isinstance(value, type_))
    return next(kinds, f"a {type(value).__name__}")


class IdentityHints:
    """Counts the hints of profiles that were excluded without an identity or a status; bounded.

    Example:
        >>> hints = IdentityHints()
        >>> for hint in ("identityMap.CRM: a boolean", "identityMap.CRM: a boolean"):
        ...     hints.add(hint)
        >>> list(hints.sentences())
        ['identityMap.CRM: a boolean (2 profiles)']
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._more = 0

    def add(self, hint: str) -> None:
        """Count one profile; nothing for an empty hint."""
        if hint and (hint in self._counts or len(self._counts) < MOST_HINTS):
            self._counts[hint] += 1
        elif hint:
            self._more += 1

    def sentences(self) -> Iterable[str]:
        """Yield what was found, the most frequent first, with how often."""
        for hint, count in self._counts.most_common():
            yield f"{hint} ({count:,} profile{'s' * (count != 1)})"
        if self._more:
            yield f"other things ({self._more:,} profile{'s' * (self._more != 1)})"
