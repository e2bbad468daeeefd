"""The service answers with an error: any status from 400 on, perhaps saying when to come again.

It finds connectors that give up on what would pass, retry what never will, or ignore
``Retry-After`` (Q-FAULT-1, Q-FAULT-2, Q-LIM-2).
"""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from mock_qualtrics.faults.effects import FaultEffect, registered
from mock_qualtrics.model import Refusal


@registered(
    "status",
    finds="wrong retries: of what is hopeless, or none of what would pass",
    refuses=True,
)
def status(settings: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Refuse the call with the status, in the envelope; the gate is not asked."""
    if effect.refusal is not None:
        return effect
    seconds = settings.get("retryAfterSeconds")
    headers = () if seconds is None else (("retry-after", str(seconds)),)
    code = settings["status"]
    refusal = Refusal("fault:status", code, f"{_phrase(code)} (a fault).", headers=headers)
    return replace(effect, refusal=refusal)


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Error"
