import pytest

from loadtests.running.options.endpoint import endpoint_of, refuse_others
from loadtests.running.options.run_options import OptionsError
from sender.policies import ADOBE_BEST_EFFORT

VARIABLES = {
    "QUALTRICS_URL": "http://127.0.0.1:1/x",
    "QUALTRICS_USERNAME": "dave#brand",
    "QUALTRICS_API_TOKEN": "PLACEHOLDER",
}


def test_a_target_is_what_every_connector_gets() -> None:
    endpoint = endpoint_of(ADOBE_BEST_EFFORT, VARIABLES)
    assert (endpoint.url, endpoint.username) == ("http://127.0.0.1:1/x", "dave#brand")
    assert endpoint.read_timeout_seconds == ADOBE_BEST_EFFORT.read_timeout_seconds


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"QUALTRICS_URL": ""}, "set QUALTRICS_URL"),
        ({"QUALTRICS_URL": "localhost"}, "found no URL"),
        ({"QUALTRICS_USERNAME": ""}, "set QUALTRICS_USERNAME"),
        ({"QUALTRICS_API_TOKEN": '"quoted"'}, "QUALTRICS_API_TOKEN: found"),
    ],
)
def test_a_variable_that_does_not_fit_is_named(changes, error) -> None:
    with pytest.raises(OptionsError, match=error):
        endpoint_of(ADOBE_BEST_EFFORT, {**VARIABLES, **changes})


def test_another_machine_is_loaded_only_if_somebody_says_that_it_may_be() -> None:
    refuse_others("http://127.0.0.1:1/x", owns_target=False)
    refuse_others("https://example.com/x", owns_target=True)
    with pytest.raises(OptionsError, match=r"the host example.com.*--i-own-this-target"):
        refuse_others("https://example.com/x", owns_target=False)
