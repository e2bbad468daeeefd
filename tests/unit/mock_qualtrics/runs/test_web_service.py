"""A web_service task's call: whatever the URL and whatever answers, it ends with a reason."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from mock_qualtrics import Settings, serve_in_thread
from mock_qualtrics.engine import Engine
from mock_qualtrics.model import Call
from mock_qualtrics.runs import http_post
from mock_qualtrics.runs.web_service import WebService

PATIENCE_SECONDS = 60  # only a test that fails waits so long


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Give up on no call because the machine is slow; tests of giving up say when."""
    monkeypatch.setattr(http_post, "TIMEOUT_SECONDS", PATIENCE_SECONDS)


@contextmanager
def a_service_that_says(answer: bytes) -> Iterator[int]:
    """Answer one connection with these bytes, whatever it asks; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_once() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)

        thread = threading.Thread(target=answer_once)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/a b",
        "http://127.0.0.1:1/ü",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        f"http://{'a' * 70}.example/",
        "http://a..b/",
        "http:///no-host",
        "127.0.0.1:1/no-scheme",
    ],
)
def test_a_url_that_nobody_can_call_is_a_reason_and_no_crash(url):
    reason = WebService(enabled=True).call("attempt", {"url": url}, b"{}")
    assert reason.startswith(
        ("the web service could not be called", "the task's url is wrong")
    ) or ("is not loopback" in reason)


@pytest.mark.parametrize("answer", [b"", b"no HTTP at all\r\n", b"HTTP/1.1 banana\r\n\r\n"])
def test_an_answer_that_is_no_http_is_a_reason_and_no_crash(answer):
    with a_service_that_says(answer) as port:
        reason = WebService(enabled=True).call("a", {"url": f"http://127.0.0.1:{port}/"}, b"{}")
    assert reason.startswith("the web service could not be called")


def test_a_service_that_never_answers_is_given_up_on(monkeypatch):
    monkeypatch.setattr(http_post, "TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert "timed out" in WebService(enabled=True).call("a", {"url": url}, b"{}")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_service_that_dribbles_its_answer_is_given_up_on(monkeypatch, scheme):
    monkeypatch.setattr(http_post, "TIMEOUT_SECONDS", 0.3)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def dribble() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not ended.wait(0.02):
                    connection.sendall(b"X-More: x\r\n")

        thread = threading.Thread(target=dribble)
        thread.start()
        url = {"url": f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/"}
        reason = WebService(enabled=True).call("a", url, b"{}")
        ended.set()
        thread.join()
    assert reason.startswith("the web service could not be called")
    assert scheme == "https" or "timed out" in reason


def test_a_task_without_a_url_and_a_url_that_is_no_text_are_reasons():
    service = WebService(enabled=True)
    assert "url is wrong" in service.call("a", {}, b"{}")
    assert "url is wrong" in service.call("a", {"url": 5}, b"{}")


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_no_name_of_this_machine_leads_back_to_this_server(host):
    service = WebService(enabled=True, allowed_hosts=("0.0.0.0", "::ffff:127.0.0.1"))
    service.own_ports.add(8084)
    reason = service.call("a", {"url": f"http://{host}:8084/"}, b"{}")
    assert reason == "a task may not call the very server that runs it"


def test_another_machines_port_is_not_this_servers(monkeypatch):
    monkeypatch.setattr(http_post, "TIMEOUT_SECONDS", 0.01)
    nobodys = "192.0.2.1"  # kept for documentation: no machine has it
    service = WebService(enabled=True, allowed_hosts=(nobodys,))
    service.own_ports.add(80)
    assert "could not be called" in service.call("a", {"url": f"http://{nobodys}/"}, b"{}")


def test_a_host_that_was_allowed_may_be_called():
    with a_service_that_says(b"HTTP/1.1 204 No Content\r\n\r\n") as port:
        url = {"url": f"http://0.0.0.0:{port}/"}
        assert "was not allowed" in WebService(enabled=True).call("a", url, b"{}")
        assert WebService(enabled=True, allowed_hosts=("0.0.0.0",)).call("a", url, b"{}") is None


@pytest.mark.parametrize("allowed", ["API.Example.Invalid", "api.example.invalid."])
@pytest.mark.parametrize("called", ["Api.example.invalid", "api.Example.invalid."])
def test_hosts_are_compared_as_names_are(allowed, called):
    service = WebService(enabled=True, allowed_hosts=(allowed,))
    assert "could not be called" in service.call("a", {"url": f"http://{called}:9/"}, b"{}")


def test_a_proxy_in_the_environment_is_not_asked(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with a_service_that_says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as port:
        url = {"url": f"http://127.0.0.1:{port}/"}
        assert WebService(enabled=True).call("a", url, b"{}") is None


def _trigger(engine: Engine) -> Call:
    tenant = engine.tenants.default
    headers = (("x-api-token", tenant.api_token.reveal()), ("content-type", "application/json"))
    query = tenant.workflows[0].urls("")["triggerUrl"].partition("?")[2]
    return Call("POST", "/inbound-event/v1/events/json/triggers", query, headers, b"{}")


def test_a_server_never_calls_its_own_trigger():
    with serve_in_thread(Settings(web_service_calls=True)) as running:
        engine = running.engine
        (workflow,) = engine.tenants.default.workflows
        own = {"url": workflow.urls(running.url)["triggerUrl"]}
        task = {"name": "Loop", "type": "web_service", "settings": own}
        engine.tenants.update_workflow(workflow.id, {"tasks": [task]})
        engine.receive(_trigger(engine))
        assert engine.wait(engine.tenants.default.id, {"failed": 1}, PATIENCE_SECONDS)
        (run,) = engine.journal.runs_page(workflow.id).items
        assert run["error"] == "task Loop failed: a task may not call the very server that runs it"
        assert engine.journal.totals(1)["received"] == 1
