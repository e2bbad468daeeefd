r"""A Locust workload: users post messages that the real sender maps from sample profiles.

The URL and the credential come from the environment variables that every connector gets. The
profiles are samples for the fields that a dataflow maps::

    QUALTRICS_URL=… QUALTRICS_USERNAME=… QUALTRICS_API_TOKEN=… \
        locust -f loadtests/locustfile.py --headless --users 10 --run-time 10s

Every user posts its next message as soon as the last one is answered, because Experience Platform
has no rate limit (A-LIM-1). Nothing is retried: each answer other than 2xx is one failure, counted
under its status.

Variables:
    QUALTRICS_URL: the trigger URL.
    QUALTRICS_USERNAME, QUALTRICS_API_TOKEN: the credential, sent as HTTP Basic (A-AUTH-1).
    DATAFLOW: a dataflow file; default: the destination page's mapping.
    SEED: the seed of profiles and trace ids; default: 0. The index of a worker (``--processes``,
        ``--worker``) is mixed into the trace ids: the same seed and as many workers make the same.
"""

import base64
import functools
import itertools
import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, NoReturn
from urllib.parse import urlsplit

from contracts.credentials import token_problem, username_problem, without_line_end
from contracts.extras import missing_extra
from sender import Dataflow
from sender.errors import SenderError
from sender.mapping import MappedContent, Mapper, message_body, trace_id
from sender.samples import sample_profiles

try:
    from locust import FastHttpUser, task
except ImportError as error:  # pragma: no cover  the extra is there in tests
    raise ImportError(missing_extra("the locustfile needs", "locust", "load")) from error

DISTINCT_MESSAGES = 1_000
DEFAULT_DATAFLOW = Path(__file__).parent / "dataflow.toml"


def _refuse(reason: str) -> NoReturn:
    sys.stderr.write(f"locustfile: {reason}\n")
    sys.exit(2)


def _variable(name: str) -> str:
    value = without_line_end(os.environ.get(name, ""))
    return value or _refuse(f"set {name} (`mock-qualtrics serve` prints it)")


def _credential(name: str, problem_of: Callable[[str], str]) -> str:
    value = _variable(name)
    problem = problem_of(value)
    return _refuse(f"{name}: found {problem}, expected it alone") if problem else value


def _dataflow() -> Dataflow:
    try:
        return Dataflow.from_toml(os.environ.get("DATAFLOW", DEFAULT_DATAFLOW))
    except SenderError as error:
        _refuse(str(error))


def _seed() -> int:
    text = os.environ.get("SEED", "0")
    return int(text) if text.isdecimal() else _refuse(f"SEED is {text!r}, not a whole number")


def _bodies(dataflow: Dataflow, seed: int) -> Iterator[str]:
    """Return an endless iterator over the sample messages."""
    mapper = Mapper(dataflow)
    contents = map(mapper.content, sample_profiles(dataflow, DISTINCT_MESSAGES, seed))
    return itertools.cycle(
        message_body(content).decode() for content in contents if isinstance(content, MappedContent)
    )


def _basic(username: str, token: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{token}".encode()).decode("ascii")


@functools.cache
def _chance(worker_index: int) -> random.Random:
    """Return the source of one worker's trace ids: no two workers make the same ones.

    Made when the first message is posted: ``--processes`` forks this module's state, and a worker
    has its index only then.
    """
    return random.Random(f"{_seed()}/{worker_index}")  # noqa: S311  trace ids are not secrets


class ExportingUser(FastHttpUser):
    """One connection from Experience Platform to the destination."""

    # Class attributes: all users of a process share one stream of messages.
    host = "{0.scheme}://{0.netloc}".format(urlsplit(_variable("QUALTRICS_URL")))
    trigger = _variable("QUALTRICS_URL").removeprefix(host)
    bodies = _bodies(_dataflow(), _seed())
    headers: ClassVar[dict[str, str]] = {
        "Content-Type": "application/json",
        "Authorization": _basic(
            _credential("QUALTRICS_USERNAME", username_problem),
            _credential("QUALTRICS_API_TOKEN", token_problem),
        ),
    }

    @task
    def export_a_profile(self) -> None:
        """Post the next message."""
        rng = _chance(self.environment.runner.worker_index)
        self.client.post(
            self.trigger,
            data=next(self.bodies),
            headers={**self.headers, "X-Trace-Id": trace_id(rng)},
            name="trigger",
        )
