"""Which proxy a call takes, and what is said of it."""

import pytest

from contracts.http_session import (
    HttpSession,
    environment_proxy,
    proxy_variable,
    through_proxy,
)

URL, OWN = "http://qualtrics.example/x", "http://127.0.0.1:8084/x"
PROXY = "http://user:PLACEHOLDER@proxy.example:3128"


@pytest.fixture
def variables(monkeypatch):
    """Set these variables, and no others that name a proxy."""

    def put(**values: str) -> None:
        for kind in ("http", "https", "all", "no"):
            for name in (f"{kind}_proxy", f"{kind}_PROXY".upper()):
                monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_call_elsewhere_takes_the_proxy_and_names_its_variable(variables, name):
    variables(**{name: PROXY})
    assert environment_proxy(URL) == PROXY
    assert proxy_variable(URL) == name
    assert f"the proxy of {name};" in through_proxy(URL)
    settings = HttpSession().merge_environment_settings(URL, {}, None, None, None)
    assert PROXY in settings["proxies"].values()


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"HTTP_PROXY": "http://a", "http_proxy": PROXY}, "http_proxy"),
        ({"ALL_PROXY": "http://a", "HTTP_PROXY": PROXY}, "HTTP_PROXY"),
        ({"HTTPS_PROXY": "http://a"}, ""),
        ({"HTTP_PROXY": "http://a", "http_proxy": ""}, ""),
        ({"HTTP_PROXY": "http://a", "NO_PROXY": "qualtrics.example"}, ""),
        ({}, ""),
    ],
)
def test_the_variable_that_is_named_is_the_one_that_counts(variables, values, name):
    variables(**values)
    assert proxy_variable(URL) == name
    assert environment_proxy(URL) == values.get(name, "")
    assert bool(through_proxy(URL)) == bool(name)


def test_a_call_to_this_machine_takes_none_and_keeps_the_certificate_authority(variables):
    variables(HTTP_PROXY=PROXY, ALL_PROXY=PROXY, REQUESTS_CA_BUNDLE="/ca.pem")
    assert (environment_proxy(OWN), proxy_variable(OWN), through_proxy(OWN)) == ("", "", "")
    settings = HttpSession().merge_environment_settings(OWN, {}, None, None, None)
    assert (settings["proxies"], settings["verify"]) == ({}, "/ca.pem")
