"""What is loaded: the trigger URL and the credential, from the environment (A-AUTH-1)."""

import os
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from contracts.addresses import is_loopback_url, is_server_url
from contracts.credentials import token_problem, username_problem, without_line_end
from contracts.secret import Secret
from loadtests.running.options.run_options import OptionsError
from sender.policies import RetryPolicy
from sender.transport.base import Endpoint

URL: Final = "QUALTRICS_URL"
USERNAME: Final = "QUALTRICS_USERNAME"
TOKEN: Final = "QUALTRICS_API_TOKEN"  # noqa: S105  its name


def endpoint_of(policy: RetryPolicy, variables: Mapping[str, str] = os.environ) -> Endpoint:
    """Return where to post, from the variables that every connector gets.

    Args:
        policy: its timeouts are those of a call.
        variables: the environment.

    Raises:
        OptionsError: a variable is not set, or holds something else.
    """
    url = _variable(variables, URL)
    if not is_server_url(url):
        raise OptionsError(f"{URL}: found no URL, expected a trigger URL (https://…)")
    return Endpoint(
        url,
        _credential(variables, USERNAME, username_problem),
        Secret(_credential(variables, TOKEN, token_problem)),
        policy.connect_timeout_seconds,
        policy.read_timeout_seconds,
    )


def refuse_others(url: str, *, owns_target: bool) -> None:
    """Refuse to load what is not on this machine, unless somebody has said that it is theirs.

    Raises:
        OptionsError: it is not, and nobody has.
    """
    if not (owns_target or is_loopback_url(url)):
        raise OptionsError(
            f"{URL}: found the host {urlsplit(url).hostname}, expected this machine; load others "
            "only with their owner's leave, and say so with --i-own-this-target"
        )


def _variable(variables: Mapping[str, str], name: str) -> str:
    value = without_line_end(variables.get(name, ""))
    if not value:
        raise OptionsError(f"set {name} (`mock-qualtrics serve` prints it)")
    return value


def _credential(variables: Mapping[str, str], name: str, problem_of: Callable[[str], str]) -> str:
    value = _variable(variables, name)
    problem = problem_of(value)
    if problem:
        raise OptionsError(f"{name}: found {problem}, expected it alone")
    return value
