"""The command that repeats a run: from what it was asked, wherever that was said."""

import shlex
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from loadtests.running.options.declarations import USERS, declared


def repeated_command(parsed: Namespace, workers: int = 0) -> str:
    """Return the command; where it posts to is in the environment.

    Words of a command line, variables, Locust's settings files and its web page all say what is
    loaded, so the command is made from what they came to.

    Args:
        parsed: what Locust has parsed, or got from its web page.
        workers: how many processes the run is sent by beside the one that coordinates; 0: none.

    Example:
        >>> from argparse import Namespace
        >>> repeated_command(Namespace(num_users=100, workload="spike", threshold=["lost==0"]))
        'qualtrics-load locust --headless --workload spike --threshold lost==0'
    """
    words = ["qualtrics-load", "locust", "--headless", *_of_locust(parsed, workers)]
    for name, settings in declared().items():
        value = getattr(parsed, name.removeprefix("--").replace("-", "_"), None)
        if value not in (None, settings.get("default")):
            words += _words(name, value)
    return shlex.join(words)


def _of_locust(parsed: Namespace, workers: int) -> Iterator[str]:
    if workers:
        yield from ("--processes", str(workers))
    if parsed.num_users not in (None, USERS):
        yield from ("--users", str(parsed.num_users))
    if getattr(parsed, "run_time", None):
        yield from ("--run-time", f"{parsed.run_time}s")


def _words(name: str, value: Any) -> Iterator[str]:  # noqa: ANN401  as it was parsed
    if value is True:
        yield name
        return
    for each in value if isinstance(value, list) else [value]:
        yield from (name, _exact(each) if isinstance(each, float) else str(each))


def _exact(number: float) -> str:
    return repr(number).removesuffix(".0")
