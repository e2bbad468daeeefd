"""Which URLs are triggers, and how a URL is shown."""

from typing import Any

import pytest

from sender.dataflow import Dataflow
from sender.dataflow.trigger_url import takes_plain_http, url_host, url_problems
from sender.errors import DataflowError

TRIGGERS = "/inbound-event/v1/events/json/triggers"


def violations(raw: object) -> dict[str, str]:
    with pytest.raises(DataflowError) as caught:
        Dataflow.from_mapping(raw)
    return {violation.path: violation.expected for violation in caught.value.violations}


@pytest.mark.parametrize(
    "url",
    [
        f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x",
        f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x&force_isolation=true",
        f"https://fra1.qualtrics.com{TRIGGERS.replace('json', 'JSON')}?urlTokenId=x",
        f"https://x.example{TRIGGERS}?contextId=SV_1&userId=UR_1&brandId=b&triggerId=OC_1",
        f"http://127.8.9.1:1{TRIGGERS}?urlTokenId=x",
        f"http://[::1]:80{TRIGGERS}?urlTokenId=x",
        f"http://LOCALHOST{TRIGGERS}?urlTokenId=x",
    ],
)
def test_both_forms_of_the_trigger_url_are_taken(raw: dict[str, Any], url: str):
    assert Dataflow.from_mapping(raw | {"url": url}).url == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"http://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x", "plain http only"),
        (f"http://127.0.0.1.example.com{TRIGGERS}?urlTokenId=x", "plain http only"),
        (f"ftp://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x", "begins with https"),
        (f"{TRIGGERS}?urlTokenId=x", "begins with https"),
        (f"https://u:p@fra1.qualtrics.com{TRIGGERS}?urlTokenId=x", "no user or password"),
        (f"https://fra1.qualtrics.com{TRIGGERS}/?urlTokenId=x", "the path"),
        (f"https://fra1.qualtrics.com{TRIGGERS.upper()}?urlTokenId=x", "the path"),
        (f"https://fra1.qualtrics.com{TRIGGERS}", "urlTokenId"),
        (f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=", "urlTokenId"),
        (f"https://fra1.qualtrics.com{TRIGGERS}?contextId=SV_1&userId=UR_1", "triggerId"),
        (f"https://fra1.qualtrics.com:99999{TRIGGERS}?urlTokenId=x", "port"),
        (f"https://[fra1{TRIGGERS}?urlTokenId=x", "a host"),
        (f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x\n", "line breaks"),
        (f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x y", "without spaces"),
        ("", "URL"),
    ],
)
def test_a_url_that_could_not_trigger_is_refused(raw: dict[str, Any], url: str, expected: str):
    assert expected in violations(raw | {"url": url})["$.url"]


def test_a_url_that_cannot_be_read_is_shown_as_stars(raw: dict[str, Any]):
    for url in ("https://[SECRET", "SECRET"):
        with pytest.raises(DataflowError) as caught:
            Dataflow.from_mapping(raw | {"url": url})
        assert "SECRET" not in str(caught.value)


def test_a_host_that_cannot_be_read_is_a_question_mark() -> None:
    assert url_host("https://[") == "?"
    assert url_host("nonsense") == "?"


@pytest.mark.parametrize(
    ("host", "allowed", "is_taken"),
    [
        ("mock", ["mock"], True),
        ("MOCK:8084", ["mock"], True),
        ("[fd00::1]:8084", ["fd00::1"], True),
        ("mock", ["ock", "mock.example", "*"], False),
        ("mock.example", ["mock"], False),
        ("mock@other", ["mock"], False),
    ],
)
def test_plain_http_goes_to_exactly_the_hosts_that_were_named(host, allowed, is_taken):
    url = f"http://{host}{TRIGGERS}?urlTokenId=x"
    assert any("plain http" in problem for problem in url_problems(url, allowed)) != is_taken
    assert takes_plain_http(url, allowed) == is_taken
