"""The two load generators: wrk at full speed, h2load at a fixed rate.

Both are C programs, so that the generator is not the limit.
"""

import json
import math
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

CONNECTIONS = 32

_WRK_SCRIPT = """
wrk.method = "POST"
wrk.body = [[{body}]]
{headers}
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('{{"calls":%d,"microseconds":%d,"p99":%d,"errors":%d}}',
    summary.requests, summary.duration, latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Target:
    """The URL, headers and body of a load."""

    url: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Load:
    """The result of a load."""

    calls: int
    seconds: float
    p99_milliseconds: float
    errors: int

    @property
    def calls_per_second(self) -> float:
        """Answered calls divided by the load's duration."""
        return self.calls / self.seconds


def require(program: str, package: str) -> str:
    """Return the program's path.

    Raises:
        click.ClickException: it is not installed; names the Debian package to install.
    """
    path = shutil.which(program)
    if path is None:
        raise click.ClickException(f"{program} is not installed: apt-get install {package}")
    return path


def as_fast_as_it_goes(target: Target, *, seconds: int) -> Load:
    """Load the target with wrk over 32 connections, without pauses (a closed model)."""
    headers = "\n".join(f'wrk.headers["{k}"] = "{v}"' for k, v in target.headers.items())
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "post.lua")
        script.write_text(_WRK_SCRIPT.format(body=target.body, headers=headers), "utf-8")
        command = [require("wrk", "wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
        command += ["-s", str(script), target.url]
        printed = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=seconds + 30
        ).stdout
    result = json.loads(printed[printed.rindex("{") :])  # wrk prints its own summary before it
    seconds_measured, p99_milliseconds = result["microseconds"] / 1e6, result["p99"] / 1e3
    return Load(result["calls"], seconds_measured, p99_milliseconds, result["errors"])


def at_a_rate(target: Target, *, calls_per_second: float, seconds: int) -> Load:
    """Load the target with h2load at a fixed rate, spread over 32 connections."""
    with tempfile.TemporaryDirectory() as folder:
        body, log = Path(folder, "body.json"), Path(folder, "calls.log")
        body.write_text(target.body, "utf-8")
        command = [require("h2load", "nghttp2-client"), "--h1", "-t1", f"-c{CONNECTIONS}"]
        command += [f"--rps={calls_per_second / CONNECTIONS:.3f}"]
        command += [f"--requests={round(calls_per_second * seconds)}"]
        command += [f"--data={body}", f"--log-file={log}"]
        command += [f"--header={k}: {v}" for k, v in target.headers.items()]
        subprocess.run(
            [*command, target.url], check=True, capture_output=True, timeout=seconds + 30
        )
        rows = [line.split() for line in log.read_text("utf-8").splitlines()]
    durations = sorted(int(duration) for _, _, duration in rows)
    errors = sum(not status.startswith("2") for _, status, _ in rows)
    p99 = durations[math.ceil(len(durations) * 0.99) - 1]
    return Load(len(rows), seconds, p99 / 1e3, errors)
