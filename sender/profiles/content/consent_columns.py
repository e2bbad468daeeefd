"""Finds columns of a table that look like a consent, and that nobody would look at."""

import re
from collections.abc import Iterable, Iterator

from contracts.redaction import redact
from sender.dataflow import ConsentRules

_LOOKS_LIKE_CONSENT = re.compile(r"consent|opt[ _.-]?(in|out)(out)?(?![a-z])", re.IGNORECASE)
_XDM = re.compile(r"consents(\.(collect|share|personalize|marketing|idSpecific|metadata)(\..+)?)?")


def warnings_of_consents(header: Iterable[str], rules: ConsentRules) -> Iterator[str]:
    """Yield a sentence for each such column; none if the dataflow looks at no consent.

    Other consents of XDM than those that count are left out on purpose.

    Example:
        >>> header = ["consents.marketing.sms.val", "Consents.marketing.any.val"]
        >>> [text.partition(":")[0] for text in warnings_of_consents(header, ConsentRules())]
        ["column 'Consents.marketing.any.val' looks like a consent and is not looked at"]
    """
    for name in header if rules.paths else ():
        is_known = _is_xdm(name, rules) or any(_are_nested(name, path) for path in rules.paths)
        if _LOOKS_LIKE_CONSENT.search(name) and not is_known:
            yield (
                f"column {redact(name)!r} looks like a consent and is not looked at: expected "
                "XDM's names, such as consents.marketing.any.val, or a path of the dataflow's "
                "[consent]"
            )


def _is_xdm(name: str, rules: ConsentRules) -> bool:
    counted = {path.casefold() for path in rules.paths}
    return _XDM.fullmatch(name) is not None and name.casefold() not in counted


def _are_nested(name: str, path: str) -> bool:
    return f"{path}.".startswith(f"{name}.") or f"{name}.".startswith(f"{path}.")
