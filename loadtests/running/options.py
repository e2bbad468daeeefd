"""The options of a run besides Locust's own; they are in its ``--help`` and its web page."""

import math
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from loadtests.measuring import Measurements
from loadtests.verdicts import GeneratorLimits, Threshold
from loadtests.workloads import KINDS, Workload, WorkloadError, read_arrivals
from sender.errors import SenderError
from sender.policies import ADOBE_BEST_EFFORT, RetryPolicy, policy_named

DEFAULT_DATAFLOW: Final = Path(__file__).parents[1] / "dataflow.toml"
USERS: Final = 100
BIN_SECONDS: Final = 1.0
_MICROSECONDS: Final = 1_000_000
WORKERS_COME_WITHIN_SECONDS: Final = 60
_NONE: Final = "none"
_POLICIES: Final = ("adobe-best-effort", "adobe-configurable", _NONE)
_LONGEST_SECONDS: Final = 86_400.0


class OptionsError(ValueError):
    """An option cannot be used; the text says which, what was found, and what was expected."""


class _Parser(Protocol):
    def add_argument(self, *names: str, **settings: Any) -> object: ...  # noqa: ANN401  Locust's

    def set_defaults(self, **values: object) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is loaded, how it is judged, and where the result goes: judged values.

    Attributes:
        workload: who arrives when.
        policy: what follows from an answer that is no success.
        dataflow: the file whose mapping makes the messages.
        thresholds: what the run is to keep to.
        warm_up_seconds: how long what arrives counts in no threshold.
        settle_seconds: how long the runs of the last calls are waited for.
        limits: above what the generator counts as the limit of the run.
        users: how many calls may be in flight at once, in all processes together.
        run_time_seconds: after what time the run is cut; None: it ends when every message has.
        report: the HTML file; None: none is written.
        report_json: the same as JSON.
        report_junit: the thresholds as JUnit.
        control_url: the control API of the mock; None: it is looked for at the target.
        owns_target: whether a target that is not on this machine may be loaded.
    """

    workload: Workload
    policy: RetryPolicy
    dataflow: Path
    thresholds: tuple[Threshold, ...]
    warm_up_seconds: float
    settle_seconds: float
    limits: GeneratorLimits
    users: int
    run_time_seconds: float | None
    report: Path | None
    report_json: Path | None
    report_junit: Path | None
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


def add_options(parser: _Parser) -> None:
    """Add the options to Locust's parser, and defaults of its own that suit an open model."""
    parser.set_defaults(
        num_users=USERS,
        spawn_rate=USERS,
        expect_workers_max_wait=WORKERS_COME_WITHIN_SECONDS,
    )
    for name, settings in _IN_THE_PAGE.items():
        parser.add_argument(name, **settings)
    for name, settings in _AT_THE_TERMINAL.items():
        parser.add_argument(name, include_in_web_ui=False, **settings)


def options_of(parsed: Namespace) -> Options:
    """Return the options from what Locust has parsed, or got from its web page.

    Raises:
        OptionsError: one cannot be used; nothing was sent.
    """
    try:
        workload = _workload(parsed)
        policy = _policy(parsed)
        thresholds = tuple(Threshold.parse(text) for text in parsed.threshold or () if text)
    except (WorkloadError, SenderError, ValueError) as error:
        raise OptionsError(str(error)) from None
    return Options(
        workload=workload,
        policy=policy,
        dataflow=Path(parsed.dataflow),
        thresholds=thresholds,
        warm_up_seconds=_seconds("--warm-up-seconds", parsed.warm_up_seconds),
        settle_seconds=_seconds("--settle-seconds", parsed.settle_seconds),
        limits=GeneratorLimits(
            late_ms=_number("--generator-late-ms", parsed.generator_late_ms),
            processor_share=_number(
                "--generator-processor-share", parsed.generator_processor_share
            ),
        ),
        users=parsed.num_users or USERS,
        run_time_seconds=parsed.run_time or None,
        report=_path(parsed.report),
        report_json=_path(parsed.report_json),
        report_junit=_path(parsed.report_junit),
        control_url=parsed.control_url or None,
        owns_target=bool(parsed.i_own_this_target),
    )


def _workload(parsed: Namespace) -> Workload:
    recorded = read_arrivals(Path(parsed.arrivals)) if parsed.arrivals else ()
    if not recorded and parsed.workload == "recorded":
        raise OptionsError("--workload recorded: found no --arrivals, expected a file of times")
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
    if parsed.policy == _NONE:
        if parsed.retry_after:
            raise OptionsError("--retry-after: --policy none makes no retries; expected one of two")
        return ADOBE_BEST_EFFORT.retrying_after(())
    policy = policy_named(parsed.policy)
    if not policy.drops_messages:
        raise OptionsError(f"--policy: found {parsed.policy}, expected {', '.join(_POLICIES)}")
    return policy.retrying_after(_schedule(parsed.retry_after)) if parsed.retry_after else policy


def _schedule(text: str) -> list[float]:
    try:
        return [float(seconds) for seconds in text.split(",")]
    except ValueError:
        raise OptionsError(
            f"--retry-after: found {text!r}, expected seconds from the first failure, as in 15,30"
        ) from None


def _seconds(name: str, value: float) -> float:
    if not 0.0 <= value <= _LONGEST_SECONDS:
        raise OptionsError(f"{name}: found {value:g}, expected 0 to {_LONGEST_SECONDS:g} seconds")
    return value


def _number(name: str, value: float) -> float:
    if not (math.isfinite(value) and value > 0.0):
        raise OptionsError(f"{name}: found {value:g}, expected a number above 0")
    return value


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


_IN_THE_PAGE: Final[dict[str, dict[str, Any]]] = {
    "--workload": {
        "choices": KINDS,
        "default": "backfill",
        "help": "Who arrives when: backfill (all at once, as Adobe does), a steady stream, a "
        "spike, a daily wave, nightly restatements, or a recorded file (--arrivals). Default: "
        "backfill.",
    },
    "--profiles": {
        "type": int,
        "default": 5_000,
        "help": "How many profiles are exported. Default: 5000.",
    },
    "--arrival-rate": {
        "type": float,
        "default": 1_000.0,
        "help": "Messages a second; of a spike before and after it, of a daily wave on average. "
        "Arrivals do not wait for answers. Adobe names no limit (A-LIM-1). Default: 1000.",
    },
    "--spike-factor": {
        "type": float,
        "default": 10.0,
        "help": "How many times as much arrives in a spike. Default: 10.",
    },
    "--day-seconds": {
        "type": float,
        "default": 60.0,
        "help": "How long a day is in this run, for daily waves and nightly restatements. "
        "Default: 60.",
    },
    "--days": {
        "type": int,
        "default": 3,
        "help": "How many days nightly restatements have, the first included. Default: 3.",
    },
    "--restated-daily": {
        "type": float,
        "default": 1.0,
        "help": "The share of the profiles that each further day restates. Default: 1.",
    },
    "--seed": {
        "type": int,
        "default": 0,
        "env_var": "SEED",
        "help": "The same seed makes the same arrivals and messages. Default: 0.",
    },
    "--policy": {
        "choices": _POLICIES,
        "default": "adobe-best-effort",
        "help": "What follows from an answer that is no success: Adobe's retries (A-RTRY-1, "
        "A-RTRY-2), or none. Default: adobe-best-effort.",
    },
    "--retry-after": {
        "metavar": "SECONDS,…",
        "help": "A schedule of one's own, counted from a message's first failure (A-RTRY-1).",
    },
    "--threshold": {
        "action": "append",
        "default": [],
        "metavar": "METRIC<LIMIT",
        "help": "What the run is to keep to, as in 'p95_ms<250'; may be repeated. Metrics: p50_ms "
        "(any percentile), max_ms, error_ratio, accepted_per_second, lost; and of a mock: "
        "runs_succeeded_ratio, end_to_end_p95_seconds, duplicates. A missed one ends with 4.",
    },
    "--warm-up-seconds": {
        "type": float,
        "default": 0.0,
        "help": "What arrives so early counts in no threshold. Default: 0.",
    },
    "--settle-seconds": {
        "type": float,
        "default": 30.0,
        "help": "How long to wait at the end for runs that are pending in the mock. Default: 30.",
    },
    "--generator-late-ms": {
        "type": float,
        "default": 100.0,
        "help": "When 1 in 100 calls is sent later than this, the generator was the limit, and no "
        "other verdict is given (5). Default: 100.",
    },
    "--generator-processor-share": {
        "type": float,
        "default": 0.9,
        "help": "The share of one core above which a process of the generator is short of it. "
        "Default: 0.9.",
    },
}

_AT_THE_TERMINAL: Final[dict[str, dict[str, Any]]] = {
    "--arrivals": {
        "metavar": "FILE",
        "help": "Recorded times of arrival, in seconds, one a line; the file is needed at the same "
        "place on every machine.",
    },
    "--dataflow": {
        "metavar": "FILE.toml",
        "default": str(DEFAULT_DATAFLOW),
        "env_var": "DATAFLOW",
        "help": "The mapping that makes the messages. Default: the destination page's.",
    },
    "--report": {"metavar": "FILE.html", "help": "Write the result as a page that works offline."},
    "--report-json": {"metavar": "FILE", "help": "Write the result as JSON."},
    "--report-junit": {"metavar": "FILE", "help": "Write the thresholds as JUnit."},
    "--control-url": {
        "metavar": "URL",
        "help": "The mock whose journal is read at the end. Default: the target, if it is a mock.",
    },
    "--i-own-this-target": {
        "action": "store_true",
        "default": False,
        "help": "Load a target that is not on this machine.",
    },
}
