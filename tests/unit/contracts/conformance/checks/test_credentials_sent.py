"""The token stands in a header that is meant for it, and goes to the trigger or whoami only."""

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.checks.credentials_sent import check_credentials
from support.recordings import call, recorded

SCENARIO = catalogue()["redirect-307-to-another-host"]


def said(**fields: object):
    return list(check_credentials(SCENARIO, recorded([call(request_id="it", **fields)])))


@pytest.mark.parametrize("place", ["header", "basic"])
def test_both_headers_are_right(place: str):
    assert said(token_in=frozenset({place})) == []


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("query", "in the URL"),
        ("body", "in the body"),
        ("other-header", "in a header that is not for it"),
    ],
)
def test_a_token_beside_the_headers_is_told(place: str, shown: str):
    assert said(token_in=frozenset({"basic", place})) == [
        f"request it carried the API token {shown}"
    ]


def test_a_token_that_followed_a_redirect_is_told():
    assert said(path="/elsewhere", status=404) == [
        (
            "request it carried the API token to /elsewhere, answered 404: expected "
            "QUALTRICS_URL and no other address"
        )
    ]


def test_a_call_elsewhere_without_it_is_right_and_so_is_whoami_with_it():
    assert said(path="/elsewhere", status=404, token_in=frozenset()) == []
    assert said(path="/API/v3/whoami", status=200) == []
