"""Why a mock's control API could not be asked, in one sentence."""

import pytest

from contracts.control_explanations import explanation
from contracts.errors import (
    ControlAnswerError,
    ControlRefusedError,
    ControlTokenError,
    ControlUnreachableError,
    NoAnswer,
)


def unreachable(reason: NoAnswer) -> ControlUnreachableError:
    return ControlUnreachableError("http://h/__control/v1", reason, "HTTPPool: …", " (by a proxy)")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (unreachable(NoAnswer.NO_CONNECTION), "nothing answers there (by a proxy)"),
        (unreachable(NoAnswer.READ_TIMEOUT), "it has not answered in time (by a proxy)"),
        (unreachable(NoAnswer.OTHER), "HTTPPool: … (by a proxy)"),
        (ControlRefusedError(404), "it answered 404: there is no control API; --mock is the mock"),
        (ControlRefusedError(404, "no tenant"), "it answered 404: no tenant"),
        (ControlRefusedError(500), "it answered 500: without a reason"),
        (ControlAnswerError("http://h", "Expecting value"), "Expecting value"),
        (ControlTokenError(), "the control token: expected Latin-1"),
    ],
)
def test_each_error_is_one_sentence(error, said):
    assert explanation(error, has_token=False, option="--mock").startswith(said)


@pytest.mark.parametrize(("has_token", "said"), [(False, "401: give "), (True, "is not the one")])
def test_a_control_token_is_asked_for_or_told_to_be_wrong(has_token, said):
    told = explanation(ControlRefusedError(401, "Unauthorized"), has_token=has_token)
    assert said in told
    assert told.endswith("give --control-token-file FILE, or set MOCK_QUALTRICS_CONTROL_TOKEN")


def test_a_command_without_that_option_does_not_ask_for_it():
    refused = ControlRefusedError(401, "Unauthorized")
    told = explanation(refused, has_token=False, takes_file=False)
    assert told == "it answered 401: set MOCK_QUALTRICS_CONTROL_TOKEN"
