"""Runs the mock's peers, each set up to answer the destination page's message.

``make bench`` installs them into ``.bench/``. Each has a single rule: a POST with the right
credential is answered 202 with the answer envelope.
"""

import base64
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from contracts.http_session import HttpSession
from loadtests.benchmarks.load import Target, require
from loadtests.benchmarks.processes import Server, free_port, listens, running

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".bench" / "node_modules" / ".bin"
MESSAGE = (ROOT / "tests" / "data" / "destination-page" / "message.json").read_text("utf-8")
PATH = "/inbound-event/v1/events/json/triggers"
CREDENTIAL = "Basic " + base64.b64encode(b"user:PLACEHOLDER-TOKEN").decode("ascii")
REQUEST_ID = "00000000-0000-4000-8000-000000000000"
ENVELOPE = {"meta": {"httpStatus": "202 - Accepted", "requestId": REQUEST_ID}}

FLASK = f"""
import json
from flask import Flask, request
app = Flask("bare")
@app.post("{PATH}")
def trigger():
    if request.headers.get("Authorization") != "{CREDENTIAL}":
        return "", 401
    request.get_json()
    return {ENVELOPE!r}, 202
from a2wsgi import WSGIMiddleware
served = WSGIMiddleware(app.wsgi_app)
"""


def target(port: int) -> Target:
    """Return the target of a peer's load."""
    compact = json.dumps(json.loads(MESSAGE), separators=(",", ":"))
    headers = {"Content-Type": "application/json", "Authorization": CREDENTIAL}
    return Target(f"http://127.0.0.1:{port}{PATH}", headers, compact)


def installed(name: str) -> str:
    """Return the path of a peer that ``make bench`` installed."""
    return require(str(INSTALLED / name), f"(npm) {name}; `make bench` installs it")


@contextmanager
def mountebank(*, recording: bool = True) -> Iterator[tuple[Server, Target]]:
    """Run mountebank with one imposter that checks the credential."""
    admin, port = free_port(), free_port()
    command = [installed("mb"), "start", "--port", str(admin), "--host", "127.0.0.1"]
    command += ["--nologfile", "--loglevel", "error"]
    with (
        TemporaryDirectory() as folder,
        running([*command, "--pidfile", f"{folder}/pid"], listens(admin)) as server,
    ):
        _post(f"http://127.0.0.1:{admin}/imposters", _imposter(port, recording=recording))
        yield server, target(port)


@contextmanager
def wiremock() -> Iterator[tuple[Server, Target]]:
    """Run WireMock with one stub that checks the credential; its journal is on by default."""
    port = free_port()
    command = [installed("wiremock"), "--port", str(port), "--bind-address", "127.0.0.1"]
    with running(command, listens(port)) as server:
        _post(f"http://127.0.0.1:{port}/__admin/mappings", _stub())
        yield server, target(port)


@contextmanager
def bare_flask() -> Iterator[tuple[Server, Target]]:
    """Run a Flask app with one route that stores nothing, on the same server as the mock."""
    port = free_port()
    program = f"{FLASK}\nimport uvicorn\nuvicorn.run(served, port={port}, log_level='error')"
    with running([sys.executable, "-c", program], listens(port)) as server:
        yield server, target(port)


def _post(url: str, document: object) -> None:
    HttpSession().post(url, json=document, timeout=10).raise_for_status()


def _imposter(port: int, *, recording: bool) -> dict[str, object]:
    wanted = {"method": "POST", "path": PATH, "headers": {"Authorization": CREDENTIAL}}
    answer = {"statusCode": 202, "headers": {"Content-Type": "application/json"}}
    return {
        "port": port,
        "protocol": "http",
        "recordRequests": recording,
        "stubs": [
            {
                "predicates": [{"equals": wanted}],
                "responses": [{"is": {**answer, "body": json.dumps(ENVELOPE)}}],
            }
        ],
        "defaultResponse": {"statusCode": 401},
    }


def _stub() -> dict[str, object]:
    return {
        "request": {
            "method": "POST",
            "urlPath": PATH,
            "headers": {"Authorization": {"equalTo": CREDENTIAL}},
        },
        "response": {
            "status": 202,
            "headers": {"Content-Type": "application/json"},
            "jsonBody": ENVELOPE,
        },
    }
