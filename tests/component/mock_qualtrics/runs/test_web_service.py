"""Tasks that call a web service: requests, refusals, failures, and a stop meanwhile."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Self

import pytest

from mock_qualtrics import serve_in_thread
from mock_qualtrics.engine import Engine
from mock_qualtrics.runs.step_loops import ThreadSteps
from mock_qualtrics.runs.web_services import http_post, web_service
from mock_qualtrics.runs.web_services.web_service import CallLimits, WebService
from mock_qualtrics.runs.worker_pool import MOST_THREADS
from mock_qualtrics.settings import Settings
from support.rehearsal import step_until_idle, trigger_call

PATIENCE_SECONDS = 60  # only a test that fails waits so long


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Give up on no call because the machine is slow."""
    monkeypatch.setattr(web_service, "DEFAULT_LIMITS", CallLimits(PATIENCE_SECONDS, 1_000))


class Listener:
    """A web service on a free port of loopback; it answers as told and remembers."""

    def __init__(self, *statuses: int, location: str = "http://127.0.0.1:1/") -> None:
        self.received, self.hosts = [], []
        self.arrived, self.answering = threading.Event(), threading.Event()
        self.answering.set()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.received.append((self.headers["X-Attempt-Id"], body))
                listener.hosts.append(self.headers["Host"])
                listener.arrived.set()
                listener.answering.wait(PATIENCE_SECONDS)
                status = statuses[min(len(listener.received), len(statuses)) - 1]
                self.send_response(status)
                self.send_header("Location", location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.answering.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def calling(url):
    return {"name": "Call", "type": "web_service", "settings": {"url": url}}


def test_a_web_service_is_called_with_the_event_and_an_attempt_id(rehearse):
    with Listener(500, 200) as listener:
        rehearsal = rehearse(
            {"retryTasks": True, "tasks": [calling(listener.url)]}, web_service_calls=True
        )
        rehearsal.send(b'{"n": 1}')
        rehearsal.advance(3600)
    (run,) = rehearsal.runs()
    assert run["status"] == "Succeeded"
    assert listener.received == [
        (f"{run['id']}/1/1", b'{"n": 1}'),
        (f"{run['id']}/1/2", b'{"n": 1}'),
    ]


def name_that_moves(monkeypatch, *answers: list[str]) -> list[str]:
    """Let the name moves.test have other addresses each time that it is looked up."""
    look_up, looked_up = socket.getaddrinfo, []

    def found(host: str, port: int | None, *more: Any, **options: Any) -> list[Any]:  # noqa: ANN401
        if host != "moves.test":
            return look_up(host, port, *more, **options)
        looked_up.append(host)
        addresses = answers[min(len(looked_up), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (it, port or 0)) for it in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return looked_up


def test_a_call_goes_to_the_addresses_that_were_judged_whatever_the_name_says_later(monkeypatch):
    with Listener(200) as listener:
        # Nobody listens at the first address. At the last one nobody may be called.
        looked_up = name_that_moves(monkeypatch, ["127.0.0.2", "127.0.0.1"], ["192.0.2.1"])
        url = f"http://moves.test:{listener.port}/hook"
        assert WebService(enabled=True).call("a", {"url": url}, b"{}") is None
    assert listener.hosts == [f"moves.test:{listener.port}"]
    assert looked_up == ["moves.test"]


def test_a_name_with_one_address_that_may_not_be_called_is_not_called(monkeypatch):
    name_that_moves(monkeypatch, ["127.0.0.1", "192.0.2.1"])
    reason = WebService(enabled=True).call("a", {"url": "http://moves.test/"}, b"{}")
    assert reason == "moves.test is not loopback, and was not allowed"


def test_over_tls_the_name_stays_the_one_of_the_url():
    names = []

    class Context(ssl.SSLContext):
        """Remembers for which name it was asked, and encrypts nothing."""

        def wrap_socket(self, sock: socket.socket, *_: Any, **options: Any) -> Any:  # noqa: ANN401
            names.append(options["server_hostname"])
            return sock

    context = Context(ssl.PROTOCOL_TLS_CLIENT)
    with Listener(200) as listener:
        places = [("127.0.0.1", listener.port)]
        name = f"moves.test:{listener.port}"
        connection = http_post._SecureConnection(places, PATIENCE_SECONDS, name, context=context)
        connection.request("POST", "/hook", b"{}")
        assert connection.getresponse().status == 200
        connection.close()
    assert (names, listener.hosts) == (["moves.test"], [name])


def test_an_allowed_name_without_an_address_is_a_reason(monkeypatch):
    name_that_moves(monkeypatch, [])
    service = WebService(enabled=True, allowed_hosts=("moves.test",))
    reason = service.call("a", {"url": "http://moves.test/"}, b"{}")
    assert reason == "the web service could not be called: its host has no address"


def test_on_the_real_clock_the_call_is_made_beside_everything_else():
    with Listener(200) as listener, Engine(Settings(web_service_calls=True)) as engine:
        (workflow,) = engine.tenants.default.workflows
        engine.tenants.update_workflow(workflow.id, {"tasks": [calling(listener.url)]})
        scheduler = ThreadSteps(engine)
        engine.receive(trigger_call(engine))
        assert engine.wait(engine.tenants.default.id, {"succeeded": 1}, PATIENCE_SECONDS)
        scheduler.stop()
    assert len(listener.received) == 1


def test_a_call_that_is_due_at_once_is_made_when_the_clock_is_told(rehearse):
    with Listener(200) as listener:
        settings = {"tasks": [calling(listener.url)], "delay": {"kind": "fixed", "seconds": 0}}
        rehearsal = rehearse(settings, web_service_calls=True)
        rehearsal.send()
        rehearsal.engine.step()
        assert listener.received == []
        rehearsal.advance(0)
        assert len(listener.received) == 1
    assert rehearsal.totals()["succeeded"] == 1


def test_while_a_clock_is_moved_nobody_else_runs_what_is_due_on_it(rehearse):
    with Listener(200) as listener:
        rehearsal = rehearse({"tasks": [calling(listener.url)]}, web_service_calls=True)
        listener.answering.clear()
        rehearsal.send(b'{"n": 1}')
        at_once = {"tasks": [], "delay": {"kind": "fixed", "seconds": 0.2}}
        other = rehearsal.engine.tenants.add_workflow(rehearsal.tenant, {"name": "B", **at_once})
        rehearsal.send(query=other.urls("")["triggerUrl"].partition("?")[2])
        moving = threading.Thread(target=rehearsal.advance, args=(1,))
        moving.start()
        assert listener.arrived.wait(PATIENCE_SECONDS)
        rehearsal.engine.step()
        assert rehearsal.totals()["pending"] == 2
        listener.answering.set()
        moving.join()
    assert rehearsal.totals()["succeeded"] == 2


def test_no_call_is_made_unless_told_so(rehearse):
    with Listener(200) as listener:
        rehearsal = rehearse({"tasks": [calling(listener.url)]})
        rehearsal.send()
        rehearsal.advance(1)
    assert rehearsal.totals()["succeeded"] == 1
    assert listener.received == []


def test_a_call_that_cannot_be_made_says_why():
    service = WebService(enabled=True)
    assert "could not be called" in service.call("attempt", {"url": "http://127.0.0.1:1/"}, b"{}")


def test_a_redirect_is_not_followed_and_this_server_is_never_called():
    with Listener(302, 404) as listener:
        service = WebService(enabled=True)
        assert service.call("a", {"url": listener.url}, b"{}") == "the web service answered 302"
        assert service.call("a", {"url": listener.url}, b"{}") == "the web service answered 404"
        service.own_ports.add(listener.port)
        assert "very server" in service.call("a", {"url": listener.url}, b"{}")
    assert len(listener.received) == 2


def test_a_redirect_that_nobody_can_read_is_an_answer_like_any_other():
    with Listener(307, location="http://[zz]/") as listener:
        service = WebService(enabled=True)
        assert service.call("a", {"url": listener.url}, b"{}") == "the web service answered 307"


def test_a_run_that_ends_after_its_tenant_was_reset_changes_nothing():
    with Listener(200) as listener, Engine(Settings(web_service_calls=True)) as engine:
        tenant = engine.tenants.default
        calls = {"tasks": [calling(listener.url)], "delay": {"kind": "fixed", "seconds": 0}}
        engine.tenants.update_workflow(tenant.workflows[0].id, calls)
        listener.answering.clear()
        engine.receive(trigger_call(engine))
        engine.step()
        assert listener.arrived.wait(PATIENCE_SECONDS)
        engine.tenants.reset(tenant.id)
        engine.receive(trigger_call(engine))
        listener.answering.set()
        engine._runner._long_runs._callers._workers.close(PATIENCE_SECONDS)
        engine.commit()
        totals = engine.journal.totals(tenant.number)
        assert (totals["received"], totals["pending"], totals["succeeded"]) == (1, 1, 0)
        (run,) = engine.journal.runs_page(tenant.workflows[0].id).items
        assert run["status"] == "Pending"


def test_a_stop_gives_up_on_calls_and_a_restart_makes_them_again(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path}/mock.db", web_service_calls=True)
    with Listener(200) as listener:
        listener.answering.clear()
        with Engine(settings) as engine:
            calls = {"tasks": [calling(listener.url)], "delay": {"kind": "fixed", "seconds": 0}}
            engine.tenants.update_workflow(engine.tenants.default.workflows[0].id, calls)
            for _ in range(MOST_THREADS + 3):
                engine.receive(trigger_call(engine))
            step_until_idle(engine)
            assert listener.arrived.wait(PATIENCE_SECONDS)
            threads = engine._runner._long_runs._callers._workers._threads
        assert len(threads) == MOST_THREADS
        assert all(thread.daemon for thread in threads)
        listener.answering.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        assert not any(thread.is_alive() for thread in threads)
        first = len(listener.received)
        assert first <= MOST_THREADS
        with Engine(settings) as engine:
            assert engine.journal.totals(1)["pending"] == MOST_THREADS + 3
            step_until_idle(engine)
            wanted = {"succeeded": MOST_THREADS + 3}
            assert engine.wait(engine.tenants.default.id, wanted, PATIENCE_SECONDS)
    attempts = [attempt for attempt, _ in listener.received]
    assert len(set(attempts)) == MOST_THREADS + 3
    assert len(attempts) == first + MOST_THREADS + 3


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


def test_a_service_that_never_answers_is_given_up_on():
    limits = CallLimits(0.05, 0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        reason = WebService(enabled=True).call("a", {"url": url}, b"{}", limits)
    expected = "the web service could not be called: timed out after 0.05 s (Q-WF-8)"
    assert reason == expected


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_service_that_dribbles_its_answer_is_given_up_on(scheme):
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
        reason = WebService(enabled=True).call("a", url, b"{}", CallLimits(0.3, 1_000))
        ended.set()
        thread.join()
    assert reason.startswith("the web service could not be called")
    assert scheme == "https" or "timed out" in reason


def test_another_machines_port_is_not_this_servers():
    nobodys = "192.0.2.1"  # kept for documentation: no machine has it
    service = WebService(enabled=True, allowed_hosts=(nobodys,))
    service.own_ports.add(80)
    reason = service.call("a", {"url": f"http://{nobodys}/"}, b"{}", CallLimits(0.01, 0))
    assert "could not be called" in reason


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


def test_a_server_never_calls_its_own_trigger():
    with serve_in_thread(Settings(web_service_calls=True)) as running:
        engine = running.engine
        (workflow,) = engine.tenants.default.workflows
        own = {"url": workflow.urls(running.url)["triggerUrl"]}
        task = {"name": "Loop", "type": "web_service", "settings": own}
        engine.tenants.update_workflow(workflow.id, {"tasks": [task]})
        engine.receive(trigger_call(engine))
        assert engine.wait(engine.tenants.default.id, {"failed": 1}, PATIENCE_SECONDS)
        (run,) = engine.journal.runs_page(workflow.id).items
        assert run["error"] == "task Loop failed: a task may not call the very server that runs it"
        assert engine.journal.totals(1)["received"] == 1
