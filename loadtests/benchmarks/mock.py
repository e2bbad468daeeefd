"""Compares the mock with its peers: throughput, latency, time to readiness and memory."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from contracts.http_session import HttpSession
from loadtests.benchmarks import peers
from loadtests.benchmarks.load import Target, as_fast_as_it_goes, at_a_rate
from loadtests.benchmarks.measure import Figure, interleave
from loadtests.benchmarks.processes import Server
from loadtests.benchmarks.subject import executed_per_second, mock, wait_until_executed

Peer = Callable[[], AbstractContextManager[tuple[Server, Target]]]
OUR_NAME = "mock-qualtrics"
WARM_UP_SECONDS = 1  # before latency is measured
MEMORY_LOAD_SECONDS = 5

_FIXTURE_PROGRAM = """
import time
from mock_qualtrics import serve_in_thread
started = time.perf_counter()
with serve_in_thread():
    print((time.perf_counter() - started) * 1000)
"""


def throughput(rounds: int, seconds: int, warm_up_seconds: int) -> list[Figure]:
    """Measure calls per second: for the mock, journalled and executed runs; for peers, answers.

    Args:
        rounds: number of rounds; each starts new processes.
        seconds: duration of each load.
        warm_up_seconds: duration of the same load before; 0 measures what a test suite sees.
    """
    peer_names = {
        "mountebank, recording": peers.mountebank,
        "WireMock, journal on": peers.wiremock,
        "bare Flask, same server": peers.bare_flask,
    }
    contestants = {OUR_NAME: lambda: _our_throughput(seconds, warm_up_seconds)} | {
        name: lambda peer=peer: _peer_throughput(peer, seconds, warm_up_seconds)
        for name, peer in peer_names.items()
    }
    return interleave(contestants, rounds=rounds, unit="calls/s")


def latency(rounds: int, seconds: int, calls_per_second: float) -> list[Figure]:
    """Measure the 99th percentile of latency, at the same rate for all contestants."""
    contestants = {
        OUR_NAME: lambda: _our_p99(seconds, calls_per_second),
        "mountebank, recording": lambda: _peer_p99(peers.mountebank, seconds, calls_per_second),
    }
    return interleave(contestants, rounds=rounds, unit="ms p99")


def readiness(rounds: int) -> list[Figure]:
    """Measure the time from a process's start, setup included, to the first accepted call."""
    contestants = {
        OUR_NAME: _our_readiness,
        "mountebank": lambda: _peer_readiness(peers.mountebank),
        "WireMock": lambda: _peer_readiness(peers.wiremock),
    }
    return interleave(contestants, rounds=rounds, unit="s")


def fixture(rounds: int) -> list[Figure]:
    """Measure the time until a server inside a test process accepts calls, imports excluded."""
    return interleave({OUR_NAME: _fixture_milliseconds}, rounds=rounds, unit="ms")


def memory(few: int, many: int) -> list[Figure]:
    """Measure the resident memory of one process after few and after many runs."""
    with mock() as subject:
        at_a_rate(subject.target, calls_per_second=few, seconds=1)
        megabytes = {wait_until_executed(subject)["accepted"]: subject.server.memory_megabytes()}
        while (runs := subject.totals()["accepted"]) < many:
            as_fast_as_it_goes(subject.target, seconds=MEMORY_LOAD_SECONDS)
            wait_until_executed(subject)
        megabytes[runs] = subject.server.memory_megabytes()
    return [Figure(f"after {n:,} runs", "MB", (used,)) for n, used in reversed(megabytes.items())]


def _our_throughput(seconds: int, warm_up_seconds: int) -> float:
    with mock() as subject:
        _warm_up(subject.target, warm_up_seconds)
        wait_until_executed(subject)
        return executed_per_second(subject, seconds=seconds)


def _peer_throughput(peer: Peer, seconds: int, warm_up_seconds: int) -> float:
    with peer() as (_, target):
        _warm_up(target, warm_up_seconds)
        return as_fast_as_it_goes(target, seconds=seconds).calls_per_second


def _warm_up(target: Target, seconds: int) -> None:
    if seconds:
        as_fast_as_it_goes(target, seconds=seconds)


def _our_p99(seconds: int, calls_per_second: float) -> float:
    with mock() as subject:
        return _p99(subject.target, seconds, calls_per_second)


def _peer_p99(peer: Peer, seconds: int, calls_per_second: float) -> float:
    with peer() as (_, target):
        return _p99(target, seconds, calls_per_second)


def _p99(target: Target, seconds: int, calls_per_second: float) -> float:
    _warm_up(target, WARM_UP_SECONDS)
    return at_a_rate(target, calls_per_second=calls_per_second, seconds=seconds).p99_milliseconds


def _our_readiness() -> float:
    with mock() as subject:
        return _answered_after(subject.server, subject.target)


def _peer_readiness(peer: Peer) -> float:
    with peer() as (server, target):
        return _answered_after(server, target)


def _answered_after(server: Server, target: Target) -> float:
    HttpSession().post(
        target.url, target.body, headers=target.headers, timeout=10
    ).raise_for_status()
    return time.perf_counter() - server.started


def _fixture_milliseconds() -> float:
    command = [sys.executable, "-c", _FIXTURE_PROGRAM]
    return float(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
