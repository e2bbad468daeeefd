"""What ``serve`` cannot serve: each is one message and exit code 2, before anything is served."""

import socket
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import uvicorn
from click.testing import CliRunner

from mock_qualtrics.cli import main
from mock_qualtrics.commands import serve
from mock_qualtrics.commands.owned_file import OwnedFile
from mock_qualtrics.commands.ready_file import as_content, ready_document
from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.server import tls

TOKEN = "placeholder-control-token"
CALLS = ["--web-service-calls", "--web-service-host"]


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """Call the command in this process and the test's folder; return why it refuses to serve."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serve, "log_to_stderr", lambda: None)
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_, **__: pytest.fail("it serves"))

    def of(*flags: str) -> str:
        result = CliRunner().invoke(main, ["serve", *flags])
        assert isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        return result.stderr

    return lambda *flags: of(*(flags if "--port" in flags else ("--port", "0", *flags)))


BACKWARDS = b"""
[[workflows]]
name = 'a'
delay = {kind = 'uniform', low_seconds = 2, high_seconds = 1}
"""
BAD_PATH = b"[[workflows]]\nname = 'a'\nfields = [{name = 'f', path = '$[?@.a==1e999]'}]\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[[workflows]]\nname = 3\n", "$.workflows[0].name"),
        (b"[[workflows]]\nname = 'a'\n[[workflows]]\nname = 'a'\n", "'a' 2 times"),
        (BACKWARDS, "$.workflows[0].delay"),
        (BACKWARDS.replace(b"= 1}", b"= 1e300}"), "$.workflows[0].delay.high_seconds"),
        (BAD_PATH, "$.workflows[0].fields[0].path"),
        (b"[[workflows]\n", "invalid TOML"),
        (b"\xff", "invalid UTF-8"),
        (b"", "workflows"),
        (None, "No such file"),
    ],
)
def test_a_wrong_workflows_file_is_refused_with_every_reason(refusal, tmp_path, content, reason):
    file = tmp_path / "workflows.toml"
    if content is not None:
        file.write_bytes(content)
    assert reason in refusal("--workflows", str(file))


def test_each_reason_is_a_line_that_says_that_it_is_an_error(refusal, tmp_path):
    file = tmp_path / "workflows.toml"
    file.write_text('[[workflows]]\nname = ""\nenabled = 1\n')
    lines = refusal("--workflows", str(file)).splitlines()
    assert len(lines) == 2
    assert all(line.startswith("Error: The workflows file is wrong: ") for line in lines)


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--host", "0.0.0.0"], "--control-token"),
        (["--control-token", " a"], "found a blank or a byte order mark around it"),
        (["--control-token", "a\nb"], "found a character that no HTTP header can have"),
        (["--control-token", "a\x1bb"], "found a character that no HTTP header can have"),
        (["--control-token", "\u043a\u043b\u044e\u0447"], "no HTTP header can have"),
        (["--port", "70000"], "--port"),
        (["--store", "nonsense"], "sqlite:///PATH"),
        (["--store", "sqlite:///"], "sqlite:///PATH"),
        (["--store", "sqlite:///missing/folder/mock.db"], "store"),
        (["--clock", "sundial"], "--clock"),
        (["--calls-per-minute", "many"], "--calls-per-minute"),
        (["--ready-file", "missing/ready.json"], "folder does not exist"),
        (["--ready-file", "/dev/null"], "expected a regular file"),
        (["--web-service-host", "h.example"], "give --web-service-calls too"),
        ([*CALLS, "https://h.example"], "expected a host alone"),
        ([*CALLS, "h.example:443"], "expected a host alone"),
        ([*CALLS, "[::1]"], "expected a host alone"),
        ([*CALLS, ""], "expected a host alone"),
        (["--public-url", "mock:8084"], "'mock:8084': expected http://HOST"),
        (["--public-url", "http://mock/path"], "with no path"),
        (["--unheard-of"], "No such option"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_clear_message(refusal, flags, reason):
    assert reason in refusal(*flags)


def test_a_port_that_is_taken_is_one_clear_message(refusal):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (line,) = refusal("--port", str(port)).splitlines()
    assert line.startswith(f"Error: port {port} is taken on 127.0.0.1")
    assert "in use" in line
    assert line.endswith("--port 0 takes a free one")


def test_an_address_that_is_not_this_machines_is_one_clear_message(refusal):
    (line,) = refusal("--host", "192.0.2.1", "--control-token", TOKEN).splitlines()
    assert "cannot listen on 192.0.2.1, port 0: " in line


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("acceptedStatus=often", "assumptions.acceptedStatus"),
        ("noSuch=1", "assumptions"),
        ("retryTasks=true", "assumptions"),
        ("acceptedStatus", "--assume acceptedStatus: expected NAME=VALUE"),
    ],
)
def test_a_wrong_assumption_is_one_clear_error(refusal, wrong, reason):
    message = refusal("--assume", wrong)
    assert reason in message
    assert "Usage" not in message


@pytest.fixture
def files(tmp_path):
    """A ready file and a certificate authority's of an earlier server, and the flags for them."""
    tenant = {"id": "tenant-1", "workflows": []}
    earlier = {
        tmp_path / "ready.json": as_content(ready_document("http://127.0.0.1:1", tenant, None)),
        tmp_path / "ca.pem": tls.issue().authority,
    }
    for path, content in earlier.items():
        path.write_bytes(content)
    ready_file, ca_file = map(str, earlier)
    yield ["--ready-file", ready_file, "--tls", "--ca-file", ca_file]
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == earlier


def test_a_start_that_fails_touches_no_file(refusal, files):
    message = refusal(*files, "--workflows", "missing/workflows.toml")
    assert "No such file" in message
    assert "ready.json: an earlier server left it behind" in message


@pytest.mark.parametrize("name", ["ready.json", "ca.pem"])
def test_a_running_servers_file_is_neither_deleted_nor_replaced(refusal, files, tmp_path, name):
    running = OwnedFile(tmp_path / name, lambda _: True)
    running.write((tmp_path / name).read_bytes())
    assert f"{name}: another running server uses it" in refusal(*files)
    running.release()


@pytest.mark.parametrize("flags", [["--ready-file"], ["--tls", "--ca-file"]])
def test_a_file_that_no_server_wrote_is_neither_deleted_nor_replaced(refusal, tmp_path, flags):
    path = tmp_path / "diary.txt"
    path.write_text("Dear diary", "utf-8")
    (line,) = refusal(*flags, str(path)).splitlines()
    assert f"{path}: no server has written it" in line
    assert path.read_text("utf-8") == "Dear diary"


def test_a_database_of_another_program_is_one_clear_error(refusal, tmp_path):
    path = tmp_path / "theirs.db"
    theirs = sqlite3.connect(path)
    theirs.execute("CREATE TABLE requests (id INTEGER, url TEXT)")
    theirs.close()
    assert "another program's table 'requests'" in refusal("--store", f"sqlite:///{path}")


def test_a_certificate_names_the_public_host_too(refusal, monkeypatch, tmp_path):
    named = []

    def note(hosts: tuple[str, ...]) -> None:
        named.append(hosts)
        raise InvalidSettingsError(["not needed here"])

    monkeypatch.setattr(tls, "issue", note)
    flags = ["--tls", "--ca-file", str(tmp_path / "ca.pem"), "--allowed-host", "mock.example"]
    refusal(*flags, "--public-url", "https://mock-qualtrics:8443")
    assert named == [("127.0.0.1", "mock.example", "mock-qualtrics")]


@pytest.mark.parametrize("words", [["serve"], ["runs"]])
def test_a_command_has_help_with_an_example(words):
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0
    assert "Example: " in result.stdout


@pytest.mark.parametrize("flags", [["--ready-file"], ["--tls", "--ca-file"], ["--workflows"]])
def test_a_file_name_that_is_too_long_is_refused(refusal, flags):
    assert refusal(*flags, "n" * 300).endswith("nnn: File name too long\n")


@pytest.mark.parametrize("value", ["9" * 5_000, "1e999", "[" * 5_000])
def test_an_assumption_beyond_python_s_limits_is_refused(refusal, value):
    said = refusal("--assume", f"acceptedStatus={value}")
    assert "$.assumptions.acceptedStatus: found" in said


def test_a_refusal_steers_no_terminal(refusal, tmp_path):
    file = tmp_path / "w.toml"
    file.write_text('[[workflows]]\nname = "a\\u001b[2J"\n"b\\u202e" = 1\n' * 2)
    said = refusal("--workflows", str(file))
    assert r"b\u202e" in said
    assert all(line.isprintable() for line in said.splitlines())


def test_a_driver_that_is_not_installed_is_named_with_its_extra(refusal, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)  # its import fails then
    said = refusal("--store", "postgresql+psycopg://127.0.0.1:1/mock")
    assert "PostgreSQL needs psycopg: install mock-qualtrics[postgresql]" in said


@pytest.mark.parametrize("source", ["--control-token-file", "--control-token", "variable"])
def test_a_wrong_control_token_is_told_with_where_it_came_from(
    refusal, monkeypatch, tmp_path, source
):
    flags: list[str] = []
    if source == "variable":
        source = "MOCK_QUALTRICS_CONTROL_TOKEN"
        monkeypatch.setenv(source, " a")
    else:
        file = tmp_path / "token"
        file.write_text(" a\n")
        flags = [source, str(file) if source.endswith("file") else " a"]
        source = " ".join([source, str(file)]) if source.endswith("file") else source
    assert f"Error: {source}: found a blank" in refusal(*flags)
