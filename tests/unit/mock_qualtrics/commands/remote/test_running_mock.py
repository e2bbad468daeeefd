import click
import pytest

from mock_qualtrics.commands.remote.running_mock import mock_address, unknown


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8084", "http://127.0.0.1:8084"),
        ("http://127.0.0.1:8084/", "http://127.0.0.1:8084"),
        ("http://127.0.0.1:8084/runs/abc?view=started", "http://127.0.0.1:8084"),
        ("https://[::1]:1/__control/v1/tenants", "https://[::1]:1"),
        ("http://h/inbound-event/v1/events/json/triggers?urlTokenId=x", "http://h"),
        ("http://h/API/v3/whoami", "http://h"),
        ("http://h/calls?tenant=none", "http://h"),
        ("http://h/openapi.yaml", "http://h"),
        ("http://h/behind/runstuff/runs#top", "http://h/behind/runstuff"),
        ("http://h/behind/a/prefix/", "http://h/behind/a/prefix"),
    ],
)
def test_any_address_of_the_mock_is_its_address(url: str, address: str):
    assert mock_address(url) == address


@pytest.mark.parametrize("url", ["", "h:80", "ftp://h", "http://", "http://[", "http://h:99999"])
def test_what_is_no_address_is_refused_with_what_one_looks_like(url: str):
    with pytest.raises(click.BadParameter, match="expected http://HOST:PORT"):
        mock_address(url)


@pytest.mark.parametrize("url", ["ftp://me:PLACEHOLDER@h", "h/triggers?urlTokenId=PLACEHOLDER"])
def test_what_is_secret_in_a_wrong_address_is_not_told(url: str):
    with pytest.raises(click.BadParameter) as refused:
        mock_address(url)
    assert "PLACEHOLDER" not in refused.value.message


def test_an_unknown_name_is_answered_with_known_ones_but_not_with_hundreds():
    said = unknown("fault", map(str, range(50)), "x").message
    assert said.startswith("there is no fault x; known: 0, 1, 2")
    assert said.endswith("18, 19 and 30 more")
    assert unknown("fault", [], "x").message == "there is no fault x; there is none yet"


def test_a_name_that_is_nearly_right_is_answered_with_the_one_that_was_meant():
    known, names = ["Send the survey (WF_1)"], ["Send the survey"]
    said = unknown("workflow", known, "send the Surveys", names).message
    assert said == (
        "there is no workflow send the Surveys (did you mean 'Send the survey'?); "
        "known: Send the survey (WF_1)"
    )
    assert "did you mean" not in unknown("workflow", known, "another", names).message
    assert "did you mean" not in unknown("fault", ["fault-2"], "fault-1").message
