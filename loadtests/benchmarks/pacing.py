"""Measures lossless pacing in real time, against the mock with its default rate limit.

``python -m loadtests.benchmarks pacing`` exports with default settings, alone or beside another
client. It prints the share of the allowed rate that was used, and the number of refused calls.
"""

import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import requests

from contracts.http_session import HttpSession
from contracts.mock_process import MockProcess, start_mock
from loadtests.benchmarks.sender_contestants import dataflow, profiles
from sender import Exporter
from sender.events import AttemptEnded, Event

CALLS_PER_MINUTE = 3000
BODY = b'{"from": "the other client"}'


@dataclass(frozen=True, slots=True)
class Paced:
    """The result of one export.

    Attributes:
        seconds: how long it took.
        share: the achieved rate, as a share of the rate that the other client left; may exceed 1.
        refused: calls answered 429, including the other client's.
        refused_of_ours: calls of the sender answered 429.
        sent: calls made by the sender.
    """

    seconds: float
    share: float
    refused: int
    refused_of_ours: int
    sent: int


@click.command("pacing")
@click.option("--profiles", "count", default=9_000, show_default=True, help="Number of profiles.")
@click.option("--window", type=click.Choice(["sliding", "fixed"]), default="sliding")
@click.option("--other", default=0, help="Calls per minute of another client.")
def main(count: int, window: str, other: int) -> None:
    """Export in real time and print the share of the allowed rate, and the refusals.

    Example: python -m loadtests.benchmarks pacing --window fixed --other 1000
    """
    with start_mock("--window", window) as mock, _other_client(mock, other):
        paced = _export(mock, count, CALLS_PER_MINUTE - other)
    result = {
        "seconds": round(paced.seconds, 2),
        "shareOfWhatIsLeft": round(paced.share, 4),
        "refusedOfOurs": paced.refused_of_ours,
        "refusedShare": round(paced.refused_of_ours / paced.sent, 5),
        "refusedOfAll": paced.refused,
    }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


def _export(mock: MockProcess, count: int, allowed_per_minute: int) -> Paced:
    statuses: list[int | None] = []

    def note(event: Event) -> None:
        if isinstance(event, AttemptEnded):
            statuses.append(event.status)

    tenant = mock.tenant
    flow = dataflow(mock.trigger_url).with_username(tenant["username"])
    with tempfile.TemporaryDirectory(prefix="sender-pacing-") as folder:
        outbox = Path(folder) / "outbox.sqlite"
        token = tenant["apiToken"]
        with Exporter(flow, token=token, outbox=outbox, subscribers=[note]) as exporter:
            began = time.perf_counter()
            exporter.export(profiles(count))
            seconds = time.perf_counter() - began
    totals = mock.control.totals(mock.tenant_id)
    return Paced(
        seconds=seconds,
        share=count / seconds * 60 / allowed_per_minute,
        refused=totals["refused"],
        refused_of_ours=statuses.count(requests.codes.too_many_requests),
        sent=len(statuses),
    )


@contextmanager
def _other_client(mock: MockProcess, calls_per_minute: int) -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=_call_evenly, args=(mock, calls_per_minute, ended))
    if calls_per_minute:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if calls_per_minute:
            thread.join()


def _call_evenly(mock: MockProcess, calls_per_minute: int, ended: threading.Event) -> None:
    headers = {"X-API-TOKEN": mock.tenant["apiToken"], "Content-Type": "application/json"}
    due = time.perf_counter()
    with HttpSession() as session:
        while not ended.wait(max(0.0, due - time.perf_counter())):
            session.post(mock.trigger_url, data=BODY, headers=headers, timeout=10)
            due += 60 / calls_per_minute


if __name__ == "__main__":
    main()
