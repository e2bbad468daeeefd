"""Mask identities in what the pages show; the control API gives everything as it came. Pure."""

import json
import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from typing import Final

from contracts.masking import mask_identity

# A name with its domain, or alone: so a search begins behind every name, and no long word is tried
# from each of its characters on; and of two addresses that touch it finds both.
_ADDRESS_OR_NAME: Final = re.compile(r"[\w.+%'-]+(@[\w-]+(?:\.[\w-]+)+)?")
_SHORTEST_ID: Final = 4  # a shorter one, such as a number, may stand for anything
_QUOTED: Final = re.compile(rf'(?<=")[^"]{{1,{6 * _SHORTEST_ID}}}(?=")')  # 6: of an escape
_CUT_OFF: Final = re.compile(r'(?<=")[^"]+(?=…)')  # as `events.findings.shown` cuts a text
_WORD_START: Final = re.compile(r"(?<!\w)(?=\S)")


def masked(text: str, identities: Collection[str] = ()) -> str:
    """Return a text with e-mail addresses and these identities masked.

    Example:
        >>> masked('{"id": "4711-0815"} for dave@example.com', ["4711-0815"])
        '{"id": "47***"} for d***@e***.com'
    """
    text = _mask_beginnings(text, identities)
    if "@" in text:
        text = _ADDRESS_OR_NAME.sub(_mask_address, text)
    short: dict[str, str] = {}
    long: dict[str, str] = {}
    for identity in identities:
        if not ("@" in identity and _ADDRESS_OR_NAME.fullmatch(identity)):
            masks = short if len(identity) < _SHORTEST_ID else long
            mask = mask_identity(identity)
            masks |= {identity: mask, json.dumps(identity)[1:-1]: mask}
    text = _mask_words(text, long) if long else text
    return _QUOTED.sub(lambda match: short.get(match[0], match[0]), text) if short else text


def addresses_in(text: str) -> set[str]:
    """Return the e-mail addresses in a text, so that what is left of one that is cut is masked."""
    return {match[0] for match in _ADDRESS_OR_NAME.finditer(text) if match[1]}


def _mask_address(match: re.Match[str]) -> str:
    return mask_identity(match[0]) if match[1] else match[0]


def _mask_beginnings(text: str, identities: Collection[str]) -> str:
    """Mask what is left of an identity in which a text was cut off."""
    if not identities or not _CUT_OFF.search(text):
        return text
    ordered = sorted({*identities, *(json.dumps(identity)[1:-1] for identity in identities)})

    def mask(match: re.Match[str]) -> str:
        place = bisect_left(ordered, match[0])  # of the first one that may begin so
        is_one = place < len(ordered) and ordered[place].startswith(match[0])
        return mask_identity(ordered[place]) if is_one else match[0]

    return _CUT_OFF.sub(mask, text)


def _mask_words(text: str, masks: Mapping[str, str]) -> str:
    """Mask what stands as a whole word, the longest first; in one pass, for there may be many."""
    # By length, not one by one: many identities begin alike, such as customer-00001.
    lengths: dict[str, dict[int, None]] = {}
    for identity in sorted(masks, key=len, reverse=True):
        lengths.setdefault(identity[:_SHORTEST_ID], {})[len(identity)] = None
    parts, end = [], 0
    for match in _WORD_START.finditer(text):
        start = match.start()
        ends = (start + length for length in lengths.get(text[start : start + _SHORTEST_ID], ()))
        found = next((at for at in ends if text[start:at] in masks and _ends_word(text, at)), None)
        if found is not None and start >= end:
            parts += [text[end:start], masks[text[start:found]]]
            end = found
    return "".join([*parts, text[end:]])


def _ends_word(text: str, end: int) -> bool:
    after = text[end : end + 1]
    return not (after.isalnum() or after == "_")
