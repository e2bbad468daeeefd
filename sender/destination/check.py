"""Calls that check a destination without exporting: the credential check and test messages.

The check triggers nothing. Test messages do start the workflow, which is what they test.
"""

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests

from contracts.addresses import is_loopback
from contracts.redaction import redact
from contracts.secret import Secret
from sender.dataflow import Dataflow
from sender.dataflow.trigger_url import redacted_url
from sender.mapping import Mapper, message_body, trace_id
from sender.mapping.exclusions import Excluded
from sender.policies import LOSSLESS
from sender.text import printable_text
from sender.transport.base import JSON_TYPE, TRACE_HEADER, Endpoint
from sender.transport.http_connections import session
from sender.transport.outcomes import Answered, describe, hopeless_reason
from sender.transport.requests_transport import NETWORK_ERRORS, outcome_of, read_bounded

WHOAMI_PATH = "/API/v3/whoami"
TAKEN = (
    "the URL names a workflow that was enabled at least once (a draft is answered 404); that it is "
    "enabled now, and how its run ends, only Run history shows"
)  # Q-WF-1: nobody documents how a workflow is answered that was disabled later


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check.

    Attributes:
        name: ``URL``, ``connection`` or ``credential``.
        passed: whether the check passed.
        detail: what was found; holds no secret.
    """

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One test message and its answer (A-TEST-1).

    Attributes:
        trace_id: the message's trace id.
        body: the message; None when the profile is excluded.
        status: the answer's HTTP status; None when there was no answer.
        headers: the answer's headers.
        answer: the answer's body, or why there is none.
    """

    trace_id: str
    body: bytes | None
    status: int | None
    headers: Mapping[str, str]
    answer: str

    @property
    def activated(self) -> bool:
        """Whether the destination accepted it."""
        return self.status is not None and Answered(self.status).activated

    @property
    def meaning(self) -> str:
        """What the answer tells of URL, workflow and credential; empty if nothing."""
        if self.status is None:
            return ""
        location = next((v for k, v in self.headers.items() if k.lower() == "location"), "")
        outcome = Answered(self.status, location=redacted_url(location) if location else "")
        return TAKEN if outcome.activated else hopeless_reason(outcome) or ""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def check_destination(dataflow: Dataflow, token: Secret) -> list[Check]:
    """Check URL form, connection (with TLS) and credential (Q-AUTH-5); triggers nothing.

    Args:
        dataflow: the dataflow; its URL was validated when the dataflow was made.
        token: the API token.
    """
    endpoint = Endpoint.of(dataflow, LOSSLESS, token)
    parts = urlsplit(dataflow.url)
    checks = [Check("URL", True, redacted_url(dataflow.url))]
    whoami = urlunsplit((parts.scheme, parts.netloc, WHOAMI_PATH, "", ""))
    try:
        answer = _call("GET", whoami, endpoint)
    except NETWORK_ERRORS as error:
        return [*checks, Check("connection", False, describe(endpoint.noted(outcome_of(error))))]
    detail = "TLS verified" if parts.scheme == "https" else _plain(parts.hostname or "")
    return [*checks, Check("connection", True, detail), _credential(answer)]


def test_messages(
    dataflow: Dataflow, token: Secret, profiles: Iterable[Mapping[str, Any]], rng: random.Random
) -> Iterable[Exchange]:
    """Send each profile's message once, without retries, and yield the exchange."""
    endpoint, mapper = Endpoint.of(dataflow, LOSSLESS, token), Mapper(dataflow)
    for profile in profiles:
        trace = trace_id(rng)
        content = mapper.content(profile)
        if isinstance(content, Excluded):
            yield Exchange(trace, None, None, {}, f"excluded: {content.reason.value}")
            continue
        body = message_body(content)
        try:
            answer = _call("POST", dataflow.url, endpoint, body, trace)
        except NETWORK_ERRORS as error:
            yield Exchange(trace, body, None, {}, describe(endpoint.noted(outcome_of(error))))
        else:
            text = redact(answer.body.decode(errors="replace"))
            yield Exchange(trace, body, answer.status, answer.headers, text)


def _call(
    method: str, url: str, endpoint: Endpoint, body: bytes | None = None, trace: str = ""
) -> _Answer:
    headers = {"Content-Type": JSON_TYPE, TRACE_HEADER: trace} if body is not None else {}
    timeouts = (endpoint.connect_timeout_seconds, endpoint.read_timeout_seconds)
    with session() as calls:
        response = calls.request(
            method,
            url,
            data=body,
            headers=headers,
            auth=endpoint.sign,
            timeout=timeouts,
            allow_redirects=False,
            stream=True,
        )
        return _Answer(response.status_code, dict(response.headers), read_bounded(response))


def _plain(host: str) -> str:
    on_this_machine = "plain http on this machine"
    return on_this_machine if is_loopback(host) else "plain http: the token travels unencrypted"


def _credential(answer: _Answer) -> Check:
    if answer.status == requests.codes.ok:
        return Check("credential", True, f"known to the destination{_brand(answer)}")
    if answer.status in (requests.codes.bad_request, requests.codes.unauthorized):
        detail = "not known: check the username and QUALTRICS_API_TOKEN"
        return Check("credential", False, f"{detail} (status {answer.status})")
    detail = f"the destination answered {answer.status} to GET {WHOAMI_PATH}"
    return Check("credential", False, detail)


def _brand(answer: _Answer) -> str:
    try:
        brand = str(json.loads(answer.body)["result"]["brandId"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return f", brand {printable_text(redact(brand))}"
