"""Whether two runs fail in the same way: their sentences, without what differs each time. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from contracts.conformance.judging import MAY_DECLINE
from contracts.conformance.scenario import Scenario

_DIFFERS: Final = re.compile(
    r'"(?:\\.|[^"\\])*?(?:"|…(?=, found |$| \())|\b(?:true|false|null)\b|'  # values; some are cut
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\S*\*\*\*\S*|'[^']*'|-?\d(?:[\d,.]*\d)?(?:e[-+]?\d+)?|"
    r"\bmessages?\b|\bcalls?\b|\bs\b"
)
_OUTPUT: Final = "its output ended with"
_ENDED_WELL: Final = ("it ended with exit code 0", "it returned,")


def kinds(scenario: Scenario, reasons: Iterable[str]) -> frozenset[str]:
    """Return what kind of failure each reason tells of.

    Numbers, ids, identities and values are no part of it; neither is what the connector wrote, nor
    the advice that a scenario gives. That it ended well is one only where nothing else is told:
    with fewer messages it may be right to.

    Args:
        scenario: what failed.
        reasons: why.
    """
    telling = [
        r for r in reasons if not r.startswith((_OUTPUT, MAY_DECLINE)) if r != scenario.advice
    ]
    others = [reason for reason in telling if not reason.startswith(_ENDED_WELL)]
    return frozenset(
        _DIFFERS.sub("#", reason).split(";")[0].strip() for reason in others or telling
    )
