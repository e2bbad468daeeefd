"""Which mock a trigger URL belongs to, if it is one at all."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from loadtests.reconciling import TargetError, find_mock

TRIGGER = "/inbound-event/v1/events/json/triggers?urlTokenId=x"


@pytest.fixture
def answering() -> Iterator[Callable[..., str]]:
    """Start servers that give every call one answer; return a trigger URL there."""
    servers = []

    def start(status: int, media_type: str, body: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}{TRIGGER}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_mock_is_known_by_the_trigger_url_of_one_of_its_workflows(qualtrics) -> None:
    found = find_mock(qualtrics.trigger_url)
    assert found is not None
    with found.control:
        assert found.control.workflow(found.workflow_id)["triggerUrl"] == qualtrics.trigger_url
        assert found.control.totals(found.tenant_id)["received"] == 0


def test_a_url_that_no_workflow_of_the_mock_has_is_told(qualtrics) -> None:
    address = qualtrics.trigger_url.partition("/inbound-event")[0]
    with pytest.raises(TargetError, match="no workflow of the mock has the URL"):
        find_mock(address + TRIGGER)


def test_a_server_that_answers_as_qualtrics_does_is_no_mock(answering) -> None:
    body = b'{"meta":{"httpStatus":"404 - Not Found"}}'
    assert find_mock(answering(404, "application/json", body)) is None


def test_a_web_page_is_no_target(answering) -> None:
    with pytest.raises(TargetError, match="perhaps a web page; expected a mock, or a trigger URL"):
        find_mock(answering(200, "text/html", b"<html>Welcome</html>"))


def test_a_server_that_is_told_to_be_a_mock_and_is_none_is_an_error(answering) -> None:
    url = answering(404, "application/json", b"{}")
    with pytest.raises(TargetError):
        find_mock(url, control_url=url)


def test_a_target_that_is_down_is_told() -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(TargetError, match=r"does it run, and at this address\?"):
        find_mock(f"http://127.0.0.1:{port}{TRIGGER}")
