"""What is loaded, how it is judged and where the result goes: the options, judged."""

import math
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loadtests.measuring import Measurements
from loadtests.running.options.declarations import (
    DEFAULT_WORKLOAD,
    NO_RETRIES,
    POLICIES,
    USERS,
)
from loadtests.verdicts import GeneratorLimits, Threshold
from loadtests.workloads import Workload, WorkloadError, read_arrivals
from sender import Dataflow
from sender.errors import SenderError
from sender.policies import ADOBE_BEST_EFFORT, RetryPolicy, policy_named

BIN_SECONDS: Final = 1.0
_MICROSECONDS: Final = 1_000_000
_LONGEST_SECONDS: Final = 86_400.0


class OptionsError(ValueError):
    """An option cannot be used; the text says which, what was found, and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is loaded, how it is judged, and where the result goes: judged values.

    Attributes:
        workload: who arrives when.
        policy: what follows from an answer that is no success.
        dataflow: the file whose mapping makes the messages.
        mapping: what is in it.
        thresholds: what the run is to keep to.
        warm_up_seconds: how long what arrives counts in no threshold.
        settle_seconds: how long the runs of the last calls are waited for.
        limits: above what the generator counts as the limit of the run.
        users: how many calls may be in flight at once, in all processes together.
        reports: the files that are written in the end, by the option that names each.
        files_read: the files that are read.
        control_url: the control API of the mock; None: it is looked for at the target.
        owns_target: whether a target that is not on this machine may be loaded.
    """

    workload: Workload
    policy: RetryPolicy
    dataflow: Path
    mapping: Dataflow
    thresholds: tuple[Threshold, ...]
    warm_up_seconds: float
    settle_seconds: float
    limits: GeneratorLimits
    users: int
    reports: Mapping[str, str]
    files_read: tuple[str, ...]
    control_url: str | None
    owns_target: bool

    @property
    def most_calls(self) -> int:
        """How many calls there can be: each message at every try."""
        return self.workload.messages * (1 + len(self.retry_seconds))

    @property
    def retry_seconds(self) -> tuple[float, ...]:
        """When a message is tried again, in seconds from its first failure."""
        return getattr(self.policy.retries, "after_first_failure_seconds", ())

    def measurements(self) -> Measurements:
        """Return where the calls of a run are noted."""
        return Measurements(BIN_SECONDS, round(self.warm_up_seconds * _MICROSECONDS))


def options_of(parsed: Namespace) -> Options:
    """Return the options from what Locust has parsed, or got from its web page.

    Raises:
        OptionsError: one cannot be used; nothing was sent.
    """
    try:
        workload = _workload(parsed)
        policy = _policy(parsed)
        mapping = Dataflow.from_toml(parsed.dataflow)
        thresholds = tuple(map(Threshold.parse, _listed(parsed.threshold or ())))
    except (WorkloadError, SenderError, ValueError) as error:
        raise OptionsError(str(error)) from None
    return Options(
        workload=workload,
        policy=policy,
        dataflow=Path(parsed.dataflow),
        mapping=mapping,
        thresholds=thresholds,
        warm_up_seconds=_seconds("--warm-up-seconds", parsed.warm_up_seconds),
        settle_seconds=_seconds("--settle-seconds", parsed.settle_seconds),
        limits=GeneratorLimits(
            late_ms=_number("--generator-late-ms", parsed.generator_late_ms),
            processor_share=_number(
                "--generator-processor-share", parsed.generator_processor_share
            ),
        ),
        users=_users(parsed.num_users),
        reports=_reports(parsed),
        files_read=tuple(filter(None, (parsed.dataflow, parsed.arrivals))),
        control_url=parsed.control_url or None,
        owns_target=bool(parsed.i_own_this_target),
    )


def _workload(parsed: Namespace) -> Workload:
    recorded = read_arrivals(Path(parsed.arrivals)) if parsed.arrivals else ()
    if not recorded and parsed.workload == "recorded":
        raise OptionsError("--workload recorded: found no --arrivals, expected a file of times")
    if recorded and parsed.workload not in ("recorded", DEFAULT_WORKLOAD):
        raise OptionsError(
            f"--arrivals: found it beside --workload {parsed.workload}, expected one of the two"
        )
    return Workload(
        kind="recorded" if recorded else parsed.workload,
        profiles=len(recorded) if recorded else parsed.profiles,
        arrival_rate=parsed.arrival_rate,
        seed=parsed.seed,
        spike_factor=parsed.spike_factor,
        day_seconds=parsed.day_seconds,
        days=parsed.days,
        restated_daily=parsed.restated_daily,
        recorded_us=recorded,
    )


def _policy(parsed: Namespace) -> RetryPolicy:
    if parsed.policy == NO_RETRIES:
        if parsed.retry_after:
            raise OptionsError("--retry-after: --policy none makes no retries; expected one of two")
        return ADOBE_BEST_EFFORT.retrying_after(())
    policy = policy_named(parsed.policy)
    if not policy.drops_messages:
        raise OptionsError(f"--policy: found {parsed.policy}, expected {', '.join(POLICIES)}")
    return policy.retrying_after(_schedule(parsed.retry_after)) if parsed.retry_after else policy


def _schedule(text: str) -> list[float]:
    try:
        return [float(seconds) for seconds in text.split(",")]
    except ValueError:
        raise OptionsError(
            f"--retry-after: found {text!r}, expected seconds from the first failure, as in 15,30"
        ) from None


def _listed(asked: str | Iterable[str]) -> Iterator[str]:
    """Yield each of several values: the web page has one text, the command line a list of them."""
    for text in [asked] if isinstance(asked, str) else asked:
        yield from (each for each in text.split(",") if each.strip())


def _users(asked: int | None) -> int:
    users = USERS if asked is None else asked
    if users < 1:
        raise OptionsError(f"--users: found {users}, expected 1 or more: no call could be sent")
    return users


def _seconds(name: str, value: float) -> float:
    if not 0.0 <= value <= _LONGEST_SECONDS:
        raise OptionsError(f"{name}: found {value:g}, expected 0 to {_LONGEST_SECONDS:g} seconds")
    return value


def _number(name: str, value: float) -> float:
    if not (math.isfinite(value) and value > 0.0):
        raise OptionsError(f"{name}: found {value:g}, expected a number above 0")
    return value


def _reports(parsed: Namespace) -> Mapping[str, str]:
    named = {
        "--report": parsed.report,
        "--report-json": parsed.report_json,
        "--report-junit": parsed.report_junit,
    }
    return {option: path for option, path in named.items() if path}
