"""``--allow-plain-http``: a mock in another container, reached by the name that it has there."""

import pytest

ALLOWED = ("--allow-plain-http", "mock-qualtrics")


@pytest.fixture
def container(folder, server, monkeypatch):
    """Make the dataflow's host the name of a container; a proxy stands in for its network."""
    here = server.url.split("/inbound")[0]
    monkeypatch.setenv("HTTP_PROXY", here)
    flow = folder / "d.toml"
    flow.write_text(flow.read_text().replace(here, "http://mock-qualtrics:8084"))
    return folder


@pytest.mark.usefixtures("container")
@pytest.mark.parametrize("command", ["check", "test-destination", "export", "preview"])
def test_plain_http_to_another_host_is_taken_where_it_is_named_and_only_there(run, server, command):
    arguments = [command, "--dataflow", "d.toml"]
    arguments += ["p.jsonl"] if command in {"export", "preview"} else []
    for hosts in ((), ("--allow-plain-http", "mock")):
        refused = run(*arguments, *hosts)
        assert (refused.exit_code, server.seen) == (2, [])
        assert "--allow-plain-http" in refused.stderr
    assert run(*arguments, *ALLOWED).exit_code == 0
    assert bool(server.seen) == (command != "preview")


@pytest.mark.parametrize("command", ["resume", "replay"])
@pytest.mark.parametrize("transport", ["requests", "fast"])
def test_what_was_allowed_is_asked_again(container, run, server, kit, command, transport):
    server.always(kit.refusal(401 if command == "resume" else 413))
    stored = ("--outbox", "o.sqlite", "--transport", transport)
    assert run("export", "--dataflow", "d.toml", "p.jsonl", *stored, *ALLOWED).exit_code == 1
    server.always(kit.answer())
    calls = len(server.seen)
    refused = run(command, *stored)
    assert (refused.exit_code, len(server.seen)) == (2, calls)
    assert "give --allow-plain-http mock-qualtrics; no outbox keeps it" in refused.stderr
    assert run("status", "--outbox", "o.sqlite").exit_code == 1
    assert run(command, *stored, *ALLOWED).exit_code == 0


@pytest.mark.parametrize("host", ["mock:8084", "http://mock", "", "a@b", "fd00::1", "a/b"])
def test_what_is_no_host_alone_is_refused(run, folder, host):
    refused = run("check", "--dataflow", "d.toml", "--allow-plain-http", host)
    assert refused.exit_code == 2
    assert "expected a host" in refused.stderr
