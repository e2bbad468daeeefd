"""Faults of the answer: its status, its body, its delay, and the rate limit applied to the call."""

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
    """Refuse the call with any status from 400 up, in the usual envelope, before the gate's checks.

    Finds connectors that do not retry what would succeed, retry what never will, or ignore
    ``Retry-After`` (Q-FAULT-1, Q-FAULT-2, Q-LIM-2).
    """
    if effect.refusal is not None:
        return effect
    seconds = settings.get("retryAfterSeconds")
    headers = () if seconds is None else (("retry-after", str(int(seconds))),)
    code = settings["status"]
    refusal = Refusal("fault:status", code, f"{_phrase(code)} (a fault).", headers=headers)
    return replace(effect, refusal=refusal)


@registered(
    "redirect",
    finds="a credential that follows a redirect to another host",
    refuses=True,
)
def redirect(settings: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Answer with a redirect to ``location``, before the gate's checks; no run is started.

    Finds connectors that send the token wherever an answer points to, or take a redirect for a
    success.
    """
    if effect.refusal is not None:
        return effect
    code = settings.get("status", HTTPStatus.TEMPORARY_REDIRECT)
    headers = (("location", settings["location"]),)
    refusal = Refusal("fault:redirect", code, f"{_phrase(code)} (a fault).", headers=headers)
    return replace(effect, refusal=refusal)


@registered("not-json", finds="a crash on an answer that is no JSON")
def not_json(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send an HTML error page, as proxies and gateways do, with the status of the answer.

    Finds connectors that parse every answer as JSON, and crash.
    """
    return replace(effect, replacement=("text/html; charset=utf-8", PAGE))


@registered("empty", finds="a success that counts only with a body")
def empty(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send the status of the answer without a body, as some gateways do.

    Finds connectors that parse the body of a success, and take the call for a failure when there is
    none: the message would be sent twice.
    """
    return replace(effect, replacement=(None, b""))


@registered("latency", finds="a missing timeout, or one slow call that holds up all others")
def latency(settings: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Delay the answer, in real time; the call is journalled at once.

    Finds connectors that have no timeout, or one longer than two seconds (A-LIM-1), or that stall
    all calls because of one.
    """
    return replace(effect, latency_seconds=effect.latency_seconds + settings["seconds"])


@registered("lower-limit", finds="pacing by a constant")
def lower_limit(settings: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Apply a lower rate limit, as when another client uses the brand's quota (Q-LIM-1).

    The lowest of several limits counts. Finds connectors that send at a constant rate and never
    slow down.
    """
    limit = settings["callsPerMinute"]
    earlier = effect.calls_per_minute
    return replace(effect, calls_per_minute=limit if earlier is None else min(limit, earlier))


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Error"
