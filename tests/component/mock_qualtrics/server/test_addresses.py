"""Which address a server says it has, and by which names it may be called."""

import socket

import pytest
import requests

from mock_qualtrics import Settings, create_app, serve_in_thread
from mock_qualtrics.engine import Engine

PUBLIC = "https://mock-qualtrics.example:8443"
TIMEOUT_SECONDS = 60


@pytest.mark.parametrize(
    ("host", "said"), [("0.0.0.0", "127.0.0.1"), ("", "127.0.0.1"), ("::", "[::1]")]
)
def test_the_address_of_a_server_on_all_interfaces_can_be_called(host, said):
    if ":" in host and not _has_ipv6():
        pytest.skip("needs IPv6")
    with serve_in_thread(host=host) as server, requests.Session() as session:
        session.trust_env = False
        assert server.url.startswith(f"http://{said}:")
        health = session.get(f"{server.control_url}/health", timeout=TIMEOUT_SECONDS)
    assert health.json()["status"] == "ok"


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_a_public_url_is_the_servers_address():
    with serve_in_thread(Settings(public_url=PUBLIC)) as server:
        assert server.url == PUBLIC


@pytest.mark.parametrize("host", ["127.0.0.1:8084", "MOCK-qualtrics.example:8443"])
def test_all_urls_of_the_control_api_have_the_public_url_whoever_asks(host):
    with Engine(Settings(public_url=PUBLIC)) as engine:
        client = create_app(engine=engine).test_client()
        headers = {"Host": host}
        tenant = client.post("/__control/v1/tenants", headers=headers).json
        path = f"/__control/v1/tenants/{tenant['id']}/workflows"
        workflow = client.post(path, json={"name": "Survey"}, headers=headers).json
        shown = client.get(f"/__control/v1/tenants/{tenant['id']}", headers=headers).json
        for found in (workflow, *shown["workflows"]):
            for name in ("triggerUrl", "legacyTriggerUrl"):
                assert found[name].startswith(f"{PUBLIC}/inbound-event/v1/events/json/triggers?")


def test_a_host_that_is_not_the_public_one_stays_unknown():
    with Engine(Settings(public_url=PUBLIC)) as engine:
        client = create_app(engine=engine).test_client()
        answer = client.get("/__control/v1/health", headers={"Host": "mock-qualtrics.other"})
        assert answer.status_code == 403
        assert "--public-url" in answer.get_data(as_text=True)


def test_a_page_that_was_loaded_from_the_public_url_may_call():
    with Engine(Settings(public_url=PUBLIC)) as engine:
        client = create_app(engine=engine).test_client()
        headers = {"Host": "127.0.0.1:8084", "Origin": PUBLIC}
        assert client.get("/__control/v1/health", headers=headers).status_code == 200
