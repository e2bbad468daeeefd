"""Whether two runs fail in the same way: their sentences, without what differs each time. Pure."""

import re
from collections.abc import Iterable
from typing import Final

_DIFFERS: Final = re.compile(
    r'"(?:\\.|[^"\\])*?(?:"|…(?=, found |$| \())|\b(?:true|false|null)\b|'  # values; some are cut
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\S*\*\*\*\S*|'[^']*'|-?\d(?:[\d,.]*\d)?(?:e[-+]?\d+)?|"
    r"\bmessages?\b|\bcalls?\b|\bs\b"
)
_OUTPUT: Final = "its output ended with"
_EXIT_WELL: Final = "it ended with exit code 0"


def kinds(reasons: Iterable[str]) -> frozenset[str]:
    """Return what kind of failure each reason tells of.

    Numbers, ids, identities and values are no part of it; neither is what the connector wrote. That
    it ended well is none: with fewer messages it may be right to.

    Example:
        >>> sorted(kinds(["9 of 10 messages started no run; the first is that of p***@e***.com"]))
        ['# of # # started no run']
    """
    telling = (r for r in reasons if not r.startswith((_OUTPUT, _EXIT_WELL)))
    return frozenset(_DIFFERS.sub("#", reason).split(";")[0].strip() for reason in telling)
