"""Which addresses are this machine's own, and which is a trigger's."""

import pytest

from contracts.addresses import is_loopback, is_loopback_url, is_trigger_path, shown_address


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "::1"])
def test_loopback_is_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "10.0.0.1", "localhost.example", "127.0.0.1.x"])
def test_nothing_else_is(host):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("http://127.0.0.1:8084/x", True),
        ("https://[::1]:1/", True),
        ("http://127.0.0.1@example.com/", False),
        ("http://[::1/", False),
        ("nothing", False),
    ],
)
def test_a_url_is_judged_by_its_host(url, is_own):
    assert is_loopback_url(url) == is_own


def test_messages_have_the_address_without_its_password():
    assert shown_address("http://me:PLACE@HOLDER@[::1]:1/a") == "http://[::1]:1/a"
    assert shown_address("https://h") == "https://h"


PATH = "/inbound-event/v1/events/json/triggers"


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (PATH, True),
        (PATH.replace("json", "JSON"), True),
        (f"{PATH}/", True),
        (PATH.upper(), False),
        (f"/proxy{PATH}", False),
        (f"{PATH}/other", False),
        ("", False),
    ],
)
def test_a_trigger_is_known_by_its_path(path, is_one):
    assert is_trigger_path(path) is is_one
