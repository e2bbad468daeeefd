"""The loads of a soak: a process of Locust for each tenant, with the project's locustfile."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from contracts.clock import Clock
from contracts.control_client import Document
from loadtests.soak.soak_plan import CALLS_A_SECOND, RETRY_AFTER, SETTLE_SECONDS, SoakPlan

SPARE_SECONDS: Final = 60.0
"""For starting, for answers that are late, and for reading the journal at the end."""

_LOCUSTFILE: Final = Path(__file__).parents[1] / "locustfile.py"
_USERS: Final = 50
_LATE_MS: Final = 5_000  # whether latency creeps is judged here: the machine may be slow meanwhile
_ANY_SHARE: Final = 1_000  # as above


class Generator:
    """Locust, loading one tenant.

    Attributes:
        process: the process.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", report: Path) -> None:
        self.process = process
        self._report = report

    @property
    def runs(self) -> bool:
        """Whether it is still running."""
        return self.process.poll() is None

    def result(self, seconds: float) -> Mapping[str, Any] | None:
        """Wait until it has ended; return its result as JSON; None: it left none in time."""
        try:
            self.process.wait(max(0.0, seconds))
            result: Mapping[str, Any] = json.loads(self._report.read_text("utf-8"))
        except (subprocess.TimeoutExpired, OSError, ValueError):
            return None
        return result

    def end(self) -> None:
        """End it at once, if it still runs: in order it would first wait for pending runs."""
        self.process.kill()
        self.process.wait()


@contextmanager
def generators(
    plan: SoakPlan, tenants: Mapping[str, Document], folder: Path
) -> Iterator[dict[str, Generator]]:
    """Load each tenant; what still runs at the end is ended.

    Args:
        plan: what is sent.
        tenants: each as in the schema ``tenant``, with its token, by the plan's names.
        folder: where each leaves its result and its log.
    """
    with ExitStack() as stack:
        made = {}
        for number, (name, tenant) in enumerate(tenants.items(), 1):
            files = [(folder / f"tenant-{number}").with_suffix(end) for end in (".json", ".log")]
            made[name] = _started(command_of(plan, number, files[0]), tenant, *files)
            stack.callback(made[name].end)
        yield made


def results_of(loads: Mapping[str, Generator], clock: Clock) -> dict[str, Mapping[str, Any] | None]:
    """Wait until all have ended, for a bounded time; return their results by name."""
    deadline = clock.monotonic() + RETRY_AFTER[-1] + SETTLE_SECONDS + SPARE_SECONDS
    return {name: load.result(deadline - clock.monotonic()) for name, load in loads.items()}


def command_of(plan: SoakPlan, number: int, report: Path) -> list[str]:
    """Return the command that loads a tenant; where it posts to is in the environment."""
    options = {
        "--workload": "steady",
        "--profiles": plan.messages,
        "--arrival-rate": f"{CALLS_A_SECOND:g}",
        "--seed": plan.seed + number,
        "--retry-after": ",".join(f"{seconds:g}" for seconds in RETRY_AFTER),
        "--settle-seconds": f"{SETTLE_SECONDS:g}",
        "--users": _USERS,
        "--spawn-rate": _USERS,
        "--generator-late-ms": _LATE_MS,
        "--generator-processor-share": _ANY_SHARE,
        "--report-json": report,
    }
    words = [str(word) for option in options.items() for word in option]
    locust = [sys.executable, "-m", "locust", "-f", str(_LOCUSTFILE)]
    return [*locust, "--headless", "--only-summary", *words]


def _started(command: list[str], tenant: Document, report: Path, log: Path) -> Generator:
    report.unlink(missing_ok=True)
    variables = {
        "QUALTRICS_URL": tenant["workflows"][0]["triggerUrl"],
        "QUALTRICS_USERNAME": tenant["username"],
        "QUALTRICS_API_TOKEN": tenant["apiToken"],
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=log.parent,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Generator(process, report)
