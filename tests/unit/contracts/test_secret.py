"""A secret is hidden wherever it is printed, and behaves as a value elsewhere."""

import logging

import pytest

from contracts.secret import Secret

SECRET = Secret("PLACEHOLDER-TOKEN")


@pytest.mark.parametrize("shown", [str(SECRET), repr(SECRET), f"{SECRET}", "%s" % SECRET])  # noqa: UP031  the old way prints too
def test_a_secret_prints_as_stars(shown: str):
    assert shown == "***"


def test_a_secret_inside_something_else_prints_as_stars():
    assert str({"token": [SECRET]}) == "{'token': [***]}"


def test_a_logged_secret_is_hidden(caplog: pytest.LogCaptureFixture):
    logging.getLogger("test").warning("token %s", SECRET)
    assert caplog.messages == ["token ***"]


def test_a_secret_is_revealed_where_it_is_asked_to():
    assert SECRET.reveal() == "PLACEHOLDER-TOKEN"


def test_secrets_are_equal_when_what_they_hide_is():
    assert Secret("PLACEHOLDER-TOKEN") == SECRET
    assert Secret("other") != SECRET
    assert SECRET != "PLACEHOLDER-TOKEN"
    assert len({SECRET, Secret("PLACEHOLDER-TOKEN")}) == 1


def test_an_empty_secret_is_false():
    assert SECRET
    assert not Secret("")


def test_a_secret_takes_no_attributes_that_could_leak():
    with pytest.raises(AttributeError):
        SECRET.text = "PLACEHOLDER-TOKEN"
