"""A real HTTP server that answers by script, for answers that the mock never gives."""

import contextlib
import dataclasses
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from contracts.control_client import ControlClient, control_url_of
from contracts.secret import Secret
from sender import Dataflow
from sender.cli import main
from sender.transport.base import Endpoint

TOKEN = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
USERNAME = "dave@example.com#brand"
TRIGGER = "/inbound-event/v1/events/json/triggers?urlTokenId=00000000-0000-4000-8000-00000000beef"


DATAFLOW = """
name = "Survey <&>"
url = "{url}"
username = "dave@example.com#brand"
[[attributes]]
source = "firstName"
target = "firstName"
[[identities]]
source = "Email"
target = "email"
[[audiences]]
id = "vip"
"""
FAST = ("--calls-per-minute", "unlimited")
PATIENCE_SECONDS = 60.0  # only a test that fails waits so long


@pytest.fixture
def patience_seconds() -> float:
    """How long an answer may take; override it where none comes."""
    return PATIENCE_SECONDS


@pytest.fixture(autouse=True)
def patient_sender(patience_seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lose no answer because the machine is slow: each would be asked for again, and counted."""
    of = Endpoint.of

    def patient(*given: object) -> Endpoint:
        return dataclasses.replace(
            of(*given),
            connect_timeout_seconds=patience_seconds,
            read_timeout_seconds=patience_seconds,
        )

    monkeypatch.setattr(Endpoint, "of", patient)


@dataclass(frozen=True)
class Answer:
    """What the server does with a call."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"meta": {"httpStatus": "200 - OK"}}'
    claims_bytes: int | None = None
    interim: tuple[int, ...] = ()
    raw: bytes = b""
    dribbles: bool = False
    hangs: bool = False
    resets: bool = False


@dataclass(frozen=True)
class Seen:
    """What the server saw of a call."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    port: int


def refusal(status: int, code: str | None = None, **more: object) -> Answer:
    error = {"errorMessage": f"refused with {status}"} | ({"errorCode": code} if code else {})
    return Answer(status, body=json.dumps({"meta": {"error": error}}).encode(), **more)


class _Quiet(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, request, client_address) -> None:
        """Say nothing of callers that break off."""


class ScriptedServer:
    """Answers each call as a function of its number, counted from 0."""

    def __init__(self) -> None:
        self.script: Callable[[int, Seen], Answer] = lambda number, seen: Answer()
        self.seen: list[Seen] = []
        self.ended = threading.Event()
        self._lock = threading.Lock()
        self._http = _Quiet(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()
        self.scheme = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self._http.server_port}{TRIGGER}"

    @property
    def bodies(self) -> list[dict]:
        return [json.loads(seen.body) for seen in self.seen]

    def answers(self, *answers: Answer) -> None:
        """Give these answers, then successes."""
        self.script = lambda number, seen: answers[number] if number < len(answers) else Answer()

    def always(self, answer: Answer) -> None:
        self.script = lambda number, seen: answer

    def wrap_tls(self, context: ssl.SSLContext) -> None:
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.scheme = "https"

    def close(self) -> None:
        self.ended.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def take(self, seen: Seen) -> Answer:
        with self._lock:
            number = len(self.seen)
            self.seen.append(seen)
        return self.script(number, seen)

    def _handler(self) -> type[BaseHTTPRequestHandler]:  # noqa: C901  one small class inside
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                seen = Seen(self.command, self.path, headers, body, self.client_address[1])
                self._give(server.take(seen))

            do_CONNECT = do_GET = do_POST  # noqa: N815  http.server finds it by this name

            def _give(self, answer: Answer) -> None:
                if answer.hangs:
                    server.ended.wait()
                if answer.hangs or answer.resets:
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.close_connection = True
                    self.connection.close()
                    return
                for status in answer.interim:
                    self.wfile.write(b"HTTP/1.1 %d Interim\r\nLink: </x>\r\n\r\n" % status)
                if answer.raw or answer.dribbles:
                    self._give_oddly(answer)
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                claims = len(answer.body) if answer.claims_bytes is None else answer.claims_bytes
                self.send_header("Content-Length", str(claims))
                self.end_headers()
                self.wfile.write(answer.body)
                self.close_connection = answer.claims_bytes is not None

            def _give_oddly(self, answer: Answer) -> None:
                self.close_connection = True
                with contextlib.suppress(OSError):
                    self.wfile.write(answer.raw)
                    while answer.dribbles and not server.ended.wait(0.02):
                        self.wfile.write(b"x")

            def finish(self) -> None:
                try:
                    super().finish()
                except OSError:
                    self.close_connection = True

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that refuses connections: bound, so that nobody else has it, and not listened on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def make_dataflow(url: str, **more: object) -> Dataflow:
    return Dataflow.from_mapping(
        {
            "name": "Survey",
            "url": url,
            "username": USERNAME,
            "attributes": [{"source": "firstName", "target": "firstName"}],
            "identities": [{"source": "Email", "target": "email"}],
            **more,
        }
    )


def make_endpoint(url: str, seconds: float = PATIENCE_SECONDS, token: str = TOKEN) -> Endpoint:
    return Endpoint(url, USERNAME, Secret(token), seconds, seconds)


@pytest.fixture
def dataflow(server) -> Dataflow:
    return make_dataflow(server.url)


@pytest.fixture
def endpoint(server) -> Endpoint:
    return make_endpoint(server.url)


@pytest.fixture
def kit():
    """What tests need by name from this file: test folders are no packages."""

    class Kit:
        answer, refusal, dataflow, token, username = Answer, refusal, make_dataflow, TOKEN, USERNAME
        write, fast, endpoint = staticmethod(write), FAST, staticmethod(make_endpoint)

        @staticmethod
        def profiles(count: int, first: int = 0) -> list[dict]:
            return [
                {
                    "_id": f"p{number}",
                    "firstName": f"Name{number}",
                    "identityMap": {"Email": [{"id": f"p{number}@example.com"}]},
                }
                for number in range(first, first + count)
            ]

    return Kit


@pytest.fixture
def folder(tmp_path, server, kit, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("QUALTRICS_URL", "QUALTRICS_USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QUALTRICS_API_TOKEN", kit.token)
    (tmp_path / "d.toml").write_text(DATAFLOW.format(url=server.url))
    write(tmp_path / "p.jsonl", kit.profiles(3))
    return tmp_path


def write(path, profiles):
    for profile in profiles:
        profile["segmentMembership"] = {"ups": {"vip": {"status": "realized"}}}
    path.write_text("".join(json.dumps(profile) + "\n" for profile in profiles))


@pytest.fixture
def run(folder):
    def run(*arguments: object, stdin: str | None = None):  # noqa: ANN202  click's result
        return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)

    return run


@pytest.fixture
def export(run):
    return lambda *more, **options: run(
        "export", "--dataflow", "d.toml", "p.jsonl", *FAST, *more, **options
    )


@pytest.fixture
def control_of():
    """Make a client of the control API for the mock of a test's tenant."""
    return lambda qualtrics: ControlClient(control_url_of(qualtrics.url))
