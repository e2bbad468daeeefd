import pytest

from mock_qualtrics.web import access


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.8.7", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("0.0.0.0", False),
        ("192.0.2.1", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_loopback_is_told_from_everything_else(host, loopback):
    assert access.is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8084", True),
        ("localhost", True),
        ("[::1]:8084", True),
        ("mock.example:8084", True),
        ("Mock.Example", True),
        ("192.0.2.1:8084", True),
        ("192.0.2.2:8084", False),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost:notaport", False),
        ("evil.example@127.0.0.1", False),
        ("127.0.0.1/evil", False),
        ("127.0.0.1?x", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_only_this_servers_own_names_are_a_host(host, ours):
    assert access.is_own_host(host, "192.0.2.1", ["mock.example"]) is ours


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("http://127.0.0.1:8084", True),
        ("https://127.0.0.1:8084", True),
        ("https://mock.example", True),
        ("http://127.0.0.1:9999", False),
        ("http://evil.example", False),
        ("null", False),
        ("", False),
        ("http://[", False),
        ("file:///etc", False),
    ],
)
def test_only_this_servers_own_pages_are_an_origin(origin, ours):
    assert access.is_own_origin(origin, "127.0.0.1:8084", ["mock.example"]) is ours


TOKEN = "placeholder-control-token"


@pytest.mark.parametrize(
    ("authorization", "cookie", "shown"),
    [
        (f"Bearer {TOKEN}", None, True),
        (f"bearer  {TOKEN} ", None, True),
        (None, access.login_cookie(TOKEN), True),
        (TOKEN, None, False),
        ("Bearer wrong", None, False),
        ("Bearer \u20ac", None, False),
        (None, TOKEN, False),
        (None, None, False),
    ],
)
def test_the_control_token_is_shown_as_bearer_or_by_the_login_cookie(authorization, cookie, shown):
    assert access.shows_token(authorization, cookie, TOKEN) is shown


def test_the_login_cookie_does_not_give_the_token_away():
    assert TOKEN not in access.login_cookie(TOKEN)
    assert access.login_cookie(TOKEN) != access.login_cookie(TOKEN + "x")
