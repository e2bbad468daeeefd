"""The options of a run beside Locust's own, as its ``--help`` and its web page show them."""

from pathlib import Path
from typing import Any, Final, Protocol

from loadtests.workloads import KINDS

DEFAULT_DATAFLOW: Final = Path(__file__).parents[2] / "dataflow.toml"
DEFAULT_WORKLOAD: Final = "backfill"
NO_RETRIES: Final = "none"
POLICIES: Final = ("adobe-best-effort", "adobe-configurable", NO_RETRIES)
USERS: Final = 100
WORKERS_COME_WITHIN_SECONDS: Final = 60
LOOPBACK: Final = "127.0.0.1"  # Locust's own default is every address of the machine


class _Parser(Protocol):
    def add_argument(self, *names: str, **settings: Any) -> object: ...  # noqa: ANN401  Locust's

    def set_defaults(self, **values: object) -> None: ...


def add_options(parser: _Parser) -> None:
    """Add the options to Locust's parser, and defaults of its own that suit an open model."""
    parser.set_defaults(
        num_users=USERS,
        spawn_rate=USERS,
        expect_workers_max_wait=WORKERS_COME_WITHIN_SECONDS,
        web_host=LOOPBACK,
        master_bind_host=LOOPBACK,
    )
    for name, settings in _IN_THE_PAGE.items():
        parser.add_argument(name, **settings)
    for name, settings in _AT_THE_TERMINAL.items():
        parser.add_argument(name, include_in_web_ui=False, **settings)


def declared() -> dict[str, dict[str, Any]]:
    """Return each option with what it is like, as argparse takes it."""
    return _IN_THE_PAGE | _AT_THE_TERMINAL


_IN_THE_PAGE: Final[dict[str, dict[str, Any]]] = {
    "--workload": {
        "choices": KINDS,
        "default": DEFAULT_WORKLOAD,
        "help": "Who arrives when: backfill (a whole audience, evenly spaced), steady (at random), "
        "a spike, a daily wave, nightly restatements, or a recorded file (--arrivals). Default: "
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
        "choices": POLICIES,
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
        "metavar": "METRIC<LIMIT",
        "help": "What the run is to keep to, as in 'p95_ms<250'; may be repeated, or several "
        "separated by commas. Metrics: p50_ms (any percentile), max_ms, error_ratio, "
        "accepted_per_second, lost; and of a mock: runs_succeeded_ratio, end_to_end_p95_seconds, "
        "duplicates. A missed one ends with 4.",
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
        "help": "Load a target that is not on this machine. Locust's page and its master listen to "
        "this machine alone, too, unless --web-host or --master-bind-host says otherwise.",
    },
}
