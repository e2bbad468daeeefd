"""What a report says as Adobe says it: the hour of a run, and error codes. Pure."""

import datetime as dt
from dataclasses import dataclass

from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE

ADOBES = (ADOBE_BEST_EFFORT.name, ADOBE_CONFIGURABLE.name)
_CREDENTIAL_REFUSED = 401
_BAD_REQUEST = 400
_WITHOUT_ANSWER = {"LOST_ANSWER": 504, "NOT_CONNECTED": 503}  # as A-RTRY-1 is read


@dataclass(frozen=True, slots=True)
class AdobeErrorCode:
    """The code under which Adobe's report counts failed identities (A-ERR-1).

    Attributes:
        code: as in ``ACTSVC-8104-401``.
        is_assumed: whether no page of Adobe's has it for that status.
    """

    code: str
    is_assumed: bool


def adobe_error_code(error_code: str, status: int | None) -> AdobeErrorCode | None:
    """Return Adobe's code for a failure; None when its status is not known.

    Adobe's articles have two: 8104 for a refused credential (401), and 8100 for 400. That the other
    statuses are counted under 8100 is assumed.

    Example:
        >>> adobe_error_code("DCD_7", 401)
        AdobeErrorCode(code='ACTSVC-8104-401', is_assumed=False)
    """
    known = _WITHOUT_ANSWER.get(error_code) if status is None else status
    if known is None:
        return None
    family = 8104 if known == _CREDENTIAL_REFUSED else 8100
    return AdobeErrorCode(
        f"ACTSVC-{family}-{known}", known not in (_CREDENTIAL_REFUSED, _BAD_REQUEST)
    )


def hour_of(instant: dt.datetime) -> dt.datetime:
    """Return the beginning of the hour that Adobe counts a run to (A-RPT-1)."""
    return instant.replace(minute=0, second=0, microsecond=0)
