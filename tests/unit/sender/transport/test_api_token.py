"""The token is given, or found in the environment."""

import pytest

from contracts.secret import Secret
from sender.errors import ConfigurationError, MissingTokenError
from sender.transport.api_token import TOKEN_VARIABLE, token_from


def test_a_given_token_comes_before_the_environment(monkeypatch):
    monkeypatch.setenv(TOKEN_VARIABLE, "PLACEHOLDER-ENVIRONMENT")
    assert token_from(None).reveal() == "PLACEHOLDER-ENVIRONMENT"
    assert token_from("PLACEHOLDER-GIVEN\n").reveal() == "PLACEHOLDER-GIVEN"
    assert token_from(Secret("PLACEHOLDER-SECRET")).reveal() == "PLACEHOLDER-SECRET"


def test_no_token_and_no_possible_token_are_told_where_they_stand(monkeypatch):
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    with pytest.raises(MissingTokenError, match=TOKEN_VARIABLE):
        token_from(None)
    with pytest.raises(ConfigurationError, match=r"^token: found"):
        token_from("PLACE\nHOLDER")
    monkeypatch.setenv(TOKEN_VARIABLE, "PLACE\nHOLDER")
    with pytest.raises(ConfigurationError, match=rf"^{TOKEN_VARIABLE}: found"):
        token_from(None)
