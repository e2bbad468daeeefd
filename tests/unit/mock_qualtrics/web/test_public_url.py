import pytest

from mock_qualtrics.web.public_url import host_of, public_url


@pytest.mark.parametrize(
    ("text", "url", "host"),
    [
        ("http://mock-qualtrics:8084", "http://mock-qualtrics:8084", "mock-qualtrics"),
        ("https://mock.example/", "https://mock.example", "mock.example"),
        ("HTTP://Mock_Qualtrics.Test", "http://mock_qualtrics.test", "mock_qualtrics.test"),
        ("http://192.0.2.1:80", "http://192.0.2.1:80", "192.0.2.1"),
        ("http://[2001:db8::1]:8084", "http://[2001:db8::1]:8084", "2001:db8::1"),
        ("http://a", "http://a", "a"),
    ],
)
def test_scheme_host_and_port_are_taken(text, url, host):
    assert (public_url(text), host_of(url)) == (url, host)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mock-qualtrics:8084",
        "//mock",
        "ftp://mock",
        "http://",
        "http:///runs",
        "http://mock/path",
        "http://mock//",
        "http://mock?a=1",
        "http://mock#a",
        "http://user@mock",
        "http://mock:",
        "http://mock:0",
        "http://mock:65536",
        "http://mock:a",
        "http://mock ",
        " http://mock",
        "http://mock\n",
        "http://m\u00fcller.example",
        "http://-mock",
        "http://[::1",
        "http://[mock]",
        "http://0.0.0.0:8084",
        "http://[::]:8084",
    ],
)
def test_what_is_none_is_refused_and_what_was_expected_is_said(text):
    with pytest.raises(ValueError, match="expected http://HOST, https://HOST"):
        public_url(text)
