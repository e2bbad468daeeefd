"""A mock behind real HTTP, twice: the ASGI server, and the app on a plain WSGI server."""

import base64
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from werkzeug.serving import make_server

from contracts.control_client import ControlClient
from mock_qualtrics import Settings, create_app, serve_in_thread

EVENT = {"person": {"name": {"firstName": "Dave"}}}


class Rehearsal:
    """One tenant with one workflow on a running mock, and the calls that a test makes to it."""

    def __init__(self, url: str, workflow: dict[str, Any], tenant: dict[str, Any]) -> None:
        self.url = url
        self.control_url = f"{url}/__control/v1"
        self.session = requests.Session()
        self.session.trust_env = False
        self.client = ControlClient(self.control_url, timeout_seconds=20)
        self.tenant = self.client.create_tenant(tenant)
        self.id = self.tenant["id"]
        self.workflow = self.client.add_workflow(self.id, {"name": "Survey", **workflow})
        self.token = {"X-API-TOKEN": self.tenant["apiToken"]}

    def control(self, method: str, path: str, status: int = 200, **request: Any) -> Any:  # noqa: ANN401  any JSON
        """Call the control API as no client would; the status is the test's to say."""
        answer = self.session.request(method, self.control_url + path, timeout=20, **request)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def post(self, **request: Any) -> requests.Response:  # noqa: ANN401  what requests takes
        """Send an event, right in everything that the test does not change."""
        url = request.pop("url", self.workflow["triggerUrl"])
        headers = {"Content-Type": "application/json", **request.pop("headers", self.token)}
        headers = {name: value for name, value in headers.items() if value is not None}
        body = request.pop("data", b'{"person": {"name": {"firstName": "Dave"}}}')
        method = request.pop("method", "POST")
        return self.session.request(method, url, data=body, headers=headers, timeout=20, **request)

    def basic(self, username: str | None = None, token: str | None = None) -> dict[str, str]:
        pair = f"{username or self.tenant['username']}:{token or self.tenant['apiToken']}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def totals(self) -> dict[str, Any]:
        return self.client.totals(self.id)

    def requests(self) -> list[dict[str, Any]]:
        return list(self.client.requests(self.id).items)

    def runs(self, **query: str) -> list[dict[str, Any]]:
        return list(self.client.runs(self.workflow["id"], **query).items)

    def advance(self, seconds: float) -> str:
        return self.client.advance_clock(self.id, seconds)


@pytest.fixture(scope="session")
def asgi_url() -> Iterator[str]:
    with serve_in_thread(Settings(seed=1)) as running:
        yield running.url


@pytest.fixture(scope="session")
def wsgi_url() -> Iterator[str]:
    app = create_app(Settings(seed=1))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["mock_qualtrics"].close()


@pytest.fixture(params=["asgi_url", "wsgi_url"], ids=["ASGI server", "Flask route"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def rehearse(url: str) -> Callable[..., Rehearsal]:
    """Make a tenant with a virtual clock, unless told otherwise."""

    def make(*, tenant: dict[str, Any] | None = None, **workflow: object) -> Rehearsal:
        return Rehearsal(url, workflow, {"clock": "virtual", **(tenant or {})})

    return make


@pytest.fixture
def mock(rehearse: Callable[..., Rehearsal]) -> Rehearsal:
    return rehearse()
