"""The mock against its peers: how many calls, how late, how soon ready, how much memory."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from loadtests.benchmarks import peers
from loadtests.benchmarks.load import Target, as_fast_as_it_goes, at_a_rate
from loadtests.benchmarks.measure import Figure, interleave
from loadtests.benchmarks.processes import Server
from loadtests.benchmarks.subject import executed_per_second, mock, wait_until_executed

Peer = Callable[[], AbstractContextManager[tuple[Server, Target]]]
OURS = "mock-qualtrics"
WARM_UP_SECONDS = 1

_FIXTURE_PROGRAM = """
import time
from mock_qualtrics import serve_in_thread
started = time.perf_counter()
with serve_in_thread():
    print((time.perf_counter() - started) * 1000)
"""


def throughput(rounds: int, seconds: int) -> list[Figure]:
    """Calls a second; ours are on disk, executed and journalled, theirs are answered."""
    contestants = {
        OURS: lambda: _our_throughput(seconds),
        "mountebank, recording": lambda: _peer_throughput(peers.mountebank, seconds),
        "WireMock, journal on": lambda: _peer_throughput(peers.wiremock, seconds),
        "bare Flask, same server": lambda: _peer_throughput(peers.bare_flask, seconds),
    }
    return interleave(contestants, rounds=rounds, unit="calls/s")


def latency(rounds: int, seconds: int, calls_per_second: float) -> list[Figure]:
    """The 99th percentile at one and the same rate for all."""
    contestants = {
        OURS: lambda: _our_p99(seconds, calls_per_second),
        "mountebank, recording": lambda: _peer_p99(peers.mountebank, seconds, calls_per_second),
    }
    return interleave(contestants, rounds=rounds, unit="ms p99")


def readiness(rounds: int) -> list[Figure]:
    """From starting the process until it accepts calls."""
    contestants = {
        OURS: _our_readiness,
        "mountebank": lambda: _peer_readiness(peers.mountebank),
        "WireMock": lambda: _peer_readiness(peers.wiremock),
    }
    return interleave(contestants, rounds=rounds, unit="s")


def fixture(rounds: int) -> list[Figure]:
    """From asking for a server inside a test process until it accepts calls; imports excluded."""
    return interleave({OURS: _fixture_milliseconds}, rounds=rounds, unit="ms")


def memory(few: int, many: int) -> list[Figure]:
    """Resident memory after many runs, and after few, of one process."""
    with mock() as subject:
        found = {}
        for wanted in (few, many):
            while (done := subject.totals()["accepted"]) < wanted:
                as_fast_as_it_goes(subject.target, seconds=1)
                wait_until_executed(subject)
            found[done] = subject.server.memory_megabytes()
    return [Figure(f"after {n:,} runs", "MB", (used,)) for n, used in reversed(found.items())]


def _our_throughput(seconds: int) -> float:
    with mock() as subject:
        as_fast_as_it_goes(subject.target, seconds=WARM_UP_SECONDS)
        wait_until_executed(subject)
        return executed_per_second(subject, seconds=seconds)


def _peer_throughput(peer: Peer, seconds: int) -> float:
    with peer() as (_, target):
        as_fast_as_it_goes(target, seconds=WARM_UP_SECONDS)
        return as_fast_as_it_goes(target, seconds=seconds).calls_per_second


def _our_p99(seconds: int, calls_per_second: float) -> float:
    with mock() as subject:
        return _p99(subject.target, seconds, calls_per_second)


def _peer_p99(peer: Peer, seconds: int, calls_per_second: float) -> float:
    with peer() as (_, target):
        return _p99(target, seconds, calls_per_second)


def _p99(target: Target, seconds: int, calls_per_second: float) -> float:
    as_fast_as_it_goes(target, seconds=WARM_UP_SECONDS)
    return at_a_rate(target, calls_per_second=calls_per_second, seconds=seconds).p99_milliseconds


def _our_readiness() -> float:
    with mock() as subject:
        return subject.server.ready_seconds


def _peer_readiness(peer: Peer) -> float:
    with peer() as (server, _):
        return server.ready_seconds


def _fixture_milliseconds() -> float:
    command = [sys.executable, "-c", _FIXTURE_PROGRAM]
    return float(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
