"""Which URLs a web_service task may not call, and the reasons it gives."""

import pytest

from mock_qualtrics.runs.web_services.web_service import WebService


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


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "the task's url is wrong"),
        ("ftp://127.0.0.1/", "expected http://HOST"),
        ("http://127.0.0.1:x/", "the task's url is wrong"),
        ("http://192.0.2.1/", "192.0.2.1 is not loopback"),
        ("http://no-such-host.invalid/", "is not loopback"),
    ],
)
def test_a_call_that_may_not_be_made_says_why(url, reason):
    service = WebService(enabled=True)
    assert reason in service.call("attempt", {"url": url}, b"{}")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ("X: y", "the task's headers are wrong: expected an object of texts"),
        ({"X": 5}, "the task's headers are wrong: expected an object of texts"),
        ({"content-LENGTH": "5"}, "the task's header content-LENGTH is the connection's own"),
        ({"X-Attempt-Id": "5"}, "the task's header X-Attempt-Id is the connection's own"),
        ({"X": "a\r\nY: b"}, "the web service could not be called: Invalid header value"),
    ],
)
def test_headers_that_cannot_be_sent_are_a_reason(headers, reason):
    settings = {"url": "http://127.0.0.1:1/", "headers": headers}
    assert WebService(enabled=True).call("a", settings, b"{}").startswith(reason)
