"""``qualtrics-load locust``: Locust with this project's locustfile, wherever that is installed."""

import os
import sys
from importlib.util import find_spec

import click

from contracts.extras import missing_extra


@click.command(
    "locust",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True},
    epilog="Example: qualtrics-load locust --headless --workload spike --threshold 'p95_ms<250'",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def locust_command(words: tuple[str, ...]) -> None:
    """Load a destination in real time: Locust, with options for workloads and thresholds."""
    if find_spec("locust") is None:
        raise click.UsageError(missing_extra("load in real time needs", "locust", "load"))
    # A process of its own, in the place of this one: Locust replaces sockets before they are used.
    # -P: a folder named contracts in the working directory is not this project's.
    words_of_python = [sys.executable, "-P", "-m", "loadtests.running"]
    os.execv(sys.executable, [*words_of_python, *words])  # noqa: S606  no shell is wanted
