"""A forecast against what a real sender and a real mock did, as processes, in real time.

Times are scaled: the tenant's window is two seconds long, and retries come soon. What a forecast
is held against are the instants of the mock's journal. A call within 100 ms of a window's edge may
fall on either side of it; where there is none, a forecast is exact, on however slow a machine.
"""

import datetime as dt
import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from contracts.clock import RealClock
from loadtests.planning import Batch, Plan, forecast_messages
from sender import ADOBE_BEST_EFFORT
from support import RunningMock, until

SECOND = 1_000_000
WINDOW_SECONDS = 2
WINDOW = WINDOW_SECONDS * SECOND
LIMIT = 20
EDGE = 100_000
LATE = 250_000
BAND = 0.05  # of the messages, for each figure
MOST_TRIES = 5
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
DATAFLOW = """
name = "Survey"
url = "{url}"
username = "{username}"
[[identities]]
source = "Email"
target = "email"
"""


class Call(NamedTuple):
    """A call: its instant, in microseconds from the beginning of a window, and its status."""

    at: int
    status: int


Messages = list[list[Call]]
"""The calls of each message, in the order of the first ones."""


@dataclass
class Setting:
    """What is exported, and how."""

    profiles: int
    rate: float
    retry_after: tuple[float, ...]

    def plan(self, first_tries: list[int]) -> Plan:
        """Return the plan: at the rate from the first on, or as they came if that was missed."""
        began = first_tries[0]
        expected = [began + number * SECOND / self.rate for number in range(self.profiles)]
        is_kept = all(
            abs(at - wanted) < EDGE for at, wanted in zip(first_tries, expected, strict=True)
        )
        starts = [(began, self.profiles)] if is_kept else [(at, 1) for at in first_tries]
        return Plan(
            profiles=self.profiles,
            arrival_rate=self.rate,
            policy=ADOBE_BEST_EFFORT.retrying_after(self.retry_after),
            limit_per_minute=LIMIT,
            window="fixed",
            window_seconds=WINDOW_SECONDS,
            batches=tuple(Batch(start_seconds=at / SECOND, profiles=n) for at, n in starts),
        )


# All in the middle of a window, and again in the middle of the next two: far from every edge.
BURST = Setting(80, 200.0, (2.0, 4.0))
# Evenly over two windows, so that many calls are near an edge.
STREAM = Setting(120, 60.0, (0.7, 1.5))


class Stage:
    """A folder, a tenant with a fixed window, and a sender that exports what a pipe brings it."""

    def __init__(self, folder: Path, mock: RunningMock, sender: str) -> None:
        self._control = mock.control
        self._sender = sender
        self._folder = folder
        limits = {"callsPerMinute": LIMIT, "windowSeconds": WINDOW_SECONDS}
        wanted = {"limits": limits, "assumptions": {"window": "fixed"}}
        self._tenant = self._control.create_tenant(wanted)
        workflow = self._control.add_workflow(self._tenant["id"], {"name": "Survey"})
        text = DATAFLOW.format(url=workflow["triggerUrl"], username=self._tenant["username"])
        (folder / "dataflow.toml").write_text(text)

    def export(self, setting: Setting) -> Messages:
        """Export from the middle of a window on; return what the mock's journal says of it."""
        schedule = ",".join(map(str, setting.retry_after))
        pace = ["--offered-rate", str(setting.rate), "--retry-after", schedule]
        how = ["--policy", ADOBE_BEST_EFFORT.name, *pace, "--outbox", "o.sqlite"]
        process = subprocess.Popen(
            [self._sender, "export", "--dataflow", "dataflow.toml", "-", *how],
            cwd=self._folder,
            env={**os.environ, "QUALTRICS_API_TOKEN": self._tenant["apiToken"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until((self._folder / "o.sqlite").exists)  # it has started, and waits for profiles
            until(_is_middle_of_a_window)
            process.communicate(_profiles(setting.profiles), timeout=120)
        finally:
            process.kill()
            process.wait()
        return self._journal()

    def _journal(self) -> Messages:
        of_trace: dict[str, list[Call]] = defaultdict(list)
        for row in self._control.all_requests(self._tenant["id"]):
            at = (dt.datetime.fromisoformat(row["receivedAt"]) - EPOCH) // MICROSECOND
            of_trace[row["traceId"]].append(Call(at, row["status"]))
        messages = sorted(sorted(calls) for calls in of_trace.values())
        began = messages[0][0].at // WINDOW * WINDOW
        return [[Call(at - began, status) for at, status in calls] for calls in messages]


def _is_middle_of_a_window() -> bool:
    since_edge = (RealClock().now() - EPOCH) // MICROSECOND % WINDOW
    return WINDOW // 4 < since_edge < WINDOW // 3


def _profiles(count: int) -> bytes:
    profiles = (
        {"_id": str(number), "identityMap": {"Email": [{"id": f"p{number}@example.com"}]}}
        for number in range(count)
    )
    return "\n".join(map(json.dumps, profiles)).encode()


def forecast_of(plan: Plan) -> Messages:
    return [[Call(*attempt) for attempt in each.attempts] for each in forecast_messages(plan)]


def figures(messages: Messages) -> dict[str, int]:
    """Return how many messages each try delivered, and how many none did."""
    tries = [len(calls) if calls[-1].status == 202 else 0 for calls in messages]
    return {"dropped": tries.count(0), **{f"try {n}": tries.count(n) for n in (1, 2, 3)}}


def is_far_from_edges(messages: Messages) -> bool:
    """Return whether each try is in the window after that of the one before, far from its edges."""
    return all(
        place * WINDOW + EDGE < call.at < (place + 1) * WINDOW - EDGE
        for calls in messages
        for place, call in enumerate(calls)
    )


def latest_retry(setting: Setting, messages: Messages) -> float:
    """Return by how many microseconds the latest retry came after it was due."""
    waits = [after * SECOND for after in setting.retry_after]
    return max(
        (
            call.at - calls[0].at - wait
            for calls in messages
            for call, wait in zip(calls[1:], waits, strict=False)
        ),
        default=0.0,
    )


@pytest.fixture
def stage(tmp_path: Path, serve: Callable[..., RunningMock], command) -> Callable[[], Stage]:
    mock = serve()

    def new() -> Stage:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        return Stage(folder, mock, command("qualtrics-sender"))

    return new


def test_far_from_every_edge_a_forecast_is_exact(stage) -> None:
    for _ in range(MOST_TRIES):
        seen = stage().export(BURST)
        # How many calls a window has decides, not when they come: a machine may be slow.
        if is_far_from_edges(seen):
            forecast = forecast_of(BURST.plan([calls[0].at for calls in seen]))
            assert figures(seen) == figures(forecast)
            assert figures(seen) == {"dropped": 20, "try 1": 20, "try 2": 20, "try 3": 20}
            return
    pytest.fail("no export kept far from the edges of windows, so none was judged")


def test_near_edges_a_forecast_is_right_within_five_percent(stage) -> None:
    late = 0.0
    for _ in range(MOST_TRIES):
        seen = stage().export(STREAM)
        late = latest_retry(STREAM, seen)
        if late < LATE:
            expected = figures(forecast_of(STREAM.plan([calls[0].at for calls in seen])))
            assert figures(seen) == pytest.approx(expected, abs=BAND * STREAM.profiles)
            return
    pytest.skip(f"not judged: this machine makes retries {late / SECOND:.1f} seconds late")
