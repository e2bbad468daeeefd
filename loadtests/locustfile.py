r"""An export in real time, by Locust: users post messages that the real sender made.

Where to and as whom comes from the variables that every connector gets; the profiles are samples
for the mapped fields of a dataflow::

    QUALTRICS_URL=… QUALTRICS_USERNAME=… QUALTRICS_API_TOKEN=… \
        locust -f loadtests/locustfile.py --headless --users 10 --run-time 10s

Every user posts as fast as it is answered, as Experience Platform sets no limit (A-LIM-1), and
nothing is sent twice: each answer that is no 2xx is one failure, under its status.

Variables:
    QUALTRICS_URL: the trigger URL.
    QUALTRICS_USERNAME, QUALTRICS_API_TOKEN: the credential, sent as HTTP Basic (A-AUTH-1).
    DATAFLOW: a dataflow file; default: the destination page's own mapping.
    SEED: of profiles and trace ids; default 0.
"""

import base64
import itertools
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, NoReturn
from urllib.parse import urlsplit

from locust import FastHttpUser, task

from sender import Dataflow
from sender.errors import SenderError
from sender.mapping import MappedContent, Mapper, message_body, trace_id
from sender.samples import sample_profiles

DISTINCT_MESSAGES = 1_000
DEFAULT_DATAFLOW = Path(__file__).parent / "dataflow.toml"


def _refuse(reason: str) -> NoReturn:
    sys.stderr.write(f"locustfile: {reason}\n")
    sys.exit(2)


def _variable(name: str) -> str:
    return os.environ.get(name) or _refuse(f"set {name} (`mock-qualtrics serve` prints it)")


def _dataflow() -> Dataflow:
    try:
        return Dataflow.from_toml(os.environ.get("DATAFLOW", DEFAULT_DATAFLOW))
    except SenderError as error:
        _refuse(str(error))


def _seed() -> int:
    given = os.environ.get("SEED", "0")
    return int(given) if given.isdecimal() else _refuse(f"SEED is {given!r}, not a whole number")


def _bodies(dataflow: Dataflow, seed: int) -> Iterator[str]:
    """Return the sample messages, over and over."""
    mapper = Mapper(dataflow)
    contents = map(mapper.content, sample_profiles(dataflow, DISTINCT_MESSAGES, seed))
    return itertools.cycle(
        message_body(content).decode() for content in contents if isinstance(content, MappedContent)
    )


def _basic(username: str, token: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{token}".encode()).decode("ascii")


class ExportingUser(FastHttpUser):
    """One connection of Experience Platform's to the destination."""

    host = "{0.scheme}://{0.netloc}".format(urlsplit(_variable("QUALTRICS_URL")))
    trigger = _variable("QUALTRICS_URL").removeprefix(host)
    chance = random.Random(_seed())  # noqa: S311  trace ids are no secrets
    bodies = _bodies(_dataflow(), _seed())
    headers: ClassVar[dict[str, str]] = {
        "Content-Type": "application/json",
        "Authorization": _basic(_variable("QUALTRICS_USERNAME"), _variable("QUALTRICS_API_TOKEN")),
    }

    @task
    def export_a_profile(self) -> None:
        """Post the next message."""
        self.client.post(
            self.trigger,
            data=next(self.bodies),
            headers={**self.headers, "X-Trace-Id": trace_id(self.chance)},
            name="trigger",
        )
