"""Faults of the answer: its status, its body, its delay, and the limit that decides it."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from mock_qualtrics.faults.effects import FaultEffect, registered
from mock_qualtrics.model import Refusal

PAGE = b"<!doctype html>\n<title>Error</title>\n<h1>The service is not available</h1>\n"


@registered(
    "status",
    finds="wrong retries: of what is hopeless, or none of what would pass",
    refuses=True,
)
def status(settings: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Refuse the call with any status from 400 on, in the envelope; the gate is not asked.

    It finds connectors that give up on what would pass, retry what never will, or ignore
    ``Retry-After`` (Q-FAULT-1, Q-FAULT-2, Q-LIM-2).
    """
    if effect.refusal is not None:
        return effect
    seconds = settings.get("retryAfterSeconds")
    headers = () if seconds is None else (("retry-after", str(seconds)),)
    code = settings["status"]
    refusal = Refusal("fault:status", code, f"{_phrase(code)} (a fault).", headers=headers)
    return replace(effect, refusal=refusal)


@registered("not-json", finds="a crash on an answer that is no JSON")
def not_json(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send an HTML error page, as proxies and gateways do, under the status of the answer.

    It finds connectors that parse any answer as JSON, and crash.
    """
    return replace(effect, replacement=("text/html; charset=utf-8", PAGE))


@registered("latency", finds="a missing timeout, or one slow call that holds up all others")
def latency(settings: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Answer later, in real time; the journal has the call at once.

    It finds connectors without a timeout, with one longer than two seconds (A-LIM-1), or that stall
    every call for one.
    """
    return replace(effect, latency_seconds=effect.latency_seconds + settings["seconds"])


@registered("lower-limit", finds="pacing by a constant")
def lower_limit(settings: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Judge the call by a lower limit, as when another client of the brand is busy (Q-LIM-1).

    Of several limits the lowest counts. It finds connectors that pace themselves by a constant and
    never slow down.
    """
    limit = settings["callsPerMinute"]
    earlier = effect.calls_per_minute
    return replace(effect, calls_per_minute=limit if earlier is None else min(limit, earlier))


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Error"
