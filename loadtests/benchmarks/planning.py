"""Measures the planner: processor time of each engine, beside a bare loop over the same calls.

``python -m loadtests.benchmarks planning`` forecasts Adobe's best effort at 1,000 messages a second
and 3,000 calls a minute. The bare loop asks the same window and the same decision, each decision
once, and does nothing else.
"""

import random
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

import click
from rich.console import Console

from loadtests.benchmarks.measure import Figure, Measurement, interleave, table
from loadtests.planning import Forecast, Plan, forecast, forecast_band
from loadtests.planning.engines.undisturbed import engine as undisturbed
from loadtests.planning.forecasting import Engine
from mock_qualtrics.gate.rate_window import make_window
from sender.delivery.decisions import History, RetryAt, decide
from sender.policies import ADOBE_BEST_EFFORT, LOSSLESS
from sender.transport.outcomes import Answered

RATE = 1_000.0
MICROSECONDS = 1_000_000
TEN = 10
MEBIBYTE = 2**20


@click.command("planning")
@click.option("--rounds", default=5, show_default=True, help="Rounds of each contestant.")
@click.option("--messages", default=1_000_000, show_default=True, help="Messages of the export.")
@click.option("--seeds", default=1_000, show_default=True, help="Seeds of the band.")
def main(rounds: int, messages: int, seeds: int) -> None:
    """The planner: a bare loop, the engines, ten times as many, many seeds, and memory.

    Example: python -m loadtests.benchmarks planning --rounds 3 --messages 100000
    """
    console = Console()
    once = interleave(contestants(messages), rounds=rounds, unit="s")
    console.print(table(f"A forecast of {messages:,} messages", once))
    fast = [seconds_of(partial(_forecast, messages * TEN, "fast")) for _ in range(rounds)]
    many = [
        Figure("the exact engine", "s", (exact_seconds(messages * TEN),)),
        Figure("the fast engine", "s", tuple(fast)),
    ]
    console.print(table(f"A forecast of {messages * TEN:,} messages", many))
    lossless = {
        f"{count:,} messages, {name}": forecast_of
        for count in (messages, messages * TEN)
        for name, forecast_of in lossless_forecasts(count).items()
        if count == messages or name == "the fast engine"
    }
    found = [Figure(name, "s", (seconds_of(work),)) for name, work in lossless.items()]
    console.print(table("A lossless export", found))
    bands = [
        Figure(f"{rate:,.0f} a second", "s", (band_seconds(messages, seeds, rate),))
        for rate in (100.0, RATE, RATE * TEN)
    ]
    console.print(table(f"{seeds:,} seeds of {messages:,} messages", bands))
    memory = [
        Figure(f"{count:,} messages", "MiB", (exact_memory(count) / MEBIBYTE,))
        for count in (messages // TEN, messages)
    ]
    console.print(table("Memory of the exact engine, at most", memory))


def contestants(messages: int) -> dict[str, Measurement]:
    """Return what is measured, by name."""
    return {
        "a bare loop": partial(seconds_of, partial(bare_loop, messages)),
        "the exact engine": partial(exact_seconds, messages),
        "the fast engine": partial(seconds_of, partial(_forecast, messages, "fast")),
    }


def lossless_forecasts(messages: int) -> dict[str, Callable[[], Forecast]]:
    """Return the forecasts of a lossless export, by name."""
    plan = Plan(profiles=messages, arrival_rate=RATE, policy=LOSSLESS)
    return {
        "the exact engine": partial(forecast, plan, "exact"),
        "without numpy": partial(undisturbed.forecast, plan),
        "the fast engine": partial(forecast, plan, "fast"),
    }


def seconds_of(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that work takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


def exact_seconds(messages: int) -> float:
    """Return the seconds of processor time of a forecast by the exact engine."""
    return seconds_of(partial(_forecast, messages, "exact"))


def band_seconds(messages: int, seeds: int, rate: float) -> float:
    """Return the seconds of processor time of a band, with faults and lost answers."""
    plan = Plan(profiles=messages, arrival_rate=rate, fault_ratio=0.01, lost_ratio=0.001)
    return seconds_of(partial(forecast_band, plan, seeds, "fast"))


def exact_memory(messages: int) -> int:
    """Return the most bytes that a forecast by the exact engine holds at a time."""
    tracemalloc.start()
    _forecast(messages, "exact")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def _forecast(messages: int, engine: Engine) -> Forecast:
    return forecast(Plan(profiles=messages, arrival_rate=RATE), engine)


def bare_loop(messages: int) -> int:
    """Return how many messages are delivered, by one loop over the instants of the arrivals.

    It knows that the retries are due when other messages arrive.
    """
    take = make_window("sliding", 3_000).try_take
    step = round(MICROSECONDS / RATE)
    behind = (*reversed([round(seconds * RATE) for seconds in _schedule()]), 0)
    ended = bytearray(messages)
    delivered = 0
    for arrival in range(messages + behind[0]):
        for late in behind:
            number = arrival - late
            if 0 <= number < messages and not ended[number] and take(arrival * step):
                ended[number] = 1
                delivered += 1
    return delivered


def _schedule() -> list[float]:
    """Return when retries are due after the first failure, as the real decision says."""
    found: list[float] = []
    history = History(1)
    chance = random.Random(0)  # noqa: S311  a schedule has no jitter
    while isinstance(
        then := decide(ADOBE_BEST_EFFORT, history, Answered(429), 0.0, chance), RetryAt
    ):
        found.append(then.instant)
        history = History(history.attempts + 1, 0.0)
    return found
