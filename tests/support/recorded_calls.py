"""Recorded calls and HAR entries for tests of `contracts.verification`."""

# ruff: noqa: ANN401  any JSON values, and any parts of a call

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.verification.evidence import Evidence
from contracts.verification.expected_messages import listed_messages
from contracts.verification.traffic import Call, Traffic

START = datetime(2026, 1, 1, tzinfo=UTC)
USERNAME = "dave#brand"
API_TOKEN = "PLACEHOLDER-of-the-recording"
TRIGGER = "https://fra1.qualtrics.com/inbound-event/v1/events/json/triggers?urlTokenId=0a1b2c3d"


def message(identity: str = "dave@example.com", **attributes: Any) -> dict[str, Any]:
    return {"identityMap": {"Email": [{"id": identity}]}, **attributes}


def call(number: int = 1, at: float = 0.0, *, sent: Any = None, **parts: Any) -> Call:
    """Return a call that was taken, unless its parts say otherwise."""
    status = parts.get("status", 202)
    body = json.dumps(message() if sent is None else sent).encode()
    taken = status is not None and 200 <= status < 300
    defaults = {"accepted": taken, "body": body, "body_bytes": len(body)}
    headers = {"content-type": "application/json"}
    return Call(place=f"entry {number}", at=at, **{"headers": headers, **defaults, **parts})


def evidence(*calls: Call, expected: Any = None, **parts: Any) -> Evidence:
    listed = None if expected is None else listed_messages(expected)
    return Evidence(Traffic("a recording", calls), expected=listed, **parts)


def basic(token: str = API_TOKEN) -> str:
    return f"Basic {base64.b64encode(f'{USERNAME}:{token}'.encode()).decode()}"


def entry(
    sent: Any = None, at: float = 0.0, *, status: int = 202, url: str = TRIGGER, **request: Any
) -> dict[str, Any]:
    """Return an entry of a HAR file as Chrome writes it; what is None is left out."""
    text = json.dumps(message() if sent is None else sent) if not isinstance(sent, str) else sent
    headers = {
        "Content-Type": "application/json",
        "Authorization": basic(),
        **request.pop("headers", {}),
    }
    whole = {
        "method": "POST",
        "url": url,
        "httpVersion": "http/2.0",
        "headers": pairs(headers),
        "cookies": [],
        "bodySize": len(text.encode()),
        "postData": {"mimeType": "application/json", "text": text},
        **request,
    }
    return {
        "startedDateTime": (START + timedelta(seconds=at)).isoformat().replace("+00:00", "Z"),
        "time": 100,
        "request": {name: value for name, value in whole.items() if value is not None},
        "response": {"status": status, "headers": [], "cookies": [], "content": {"size": 0}},
    }


def pairs(headers: dict[str, str | None]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items() if value is not None]


def har(*entries: dict[str, Any]) -> str:
    log = {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": list(entries)}
    return json.dumps({"log": log})
