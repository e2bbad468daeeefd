"""Compares the sender with a plain requests loop and with peers, all posting to nginx.

nginx gives a static answer. Each contestant runs in its own process and reports how many messages
per second it sent. The sender keeps its outbox on disk and sends without pacing. With ``--flat`` it
also measures whether time per message and memory stay constant as the export grows.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from loadtests.benchmarks.measure import Figure, interleave, table
from loadtests.benchmarks.processes import free_port, listens, running
from loadtests.benchmarks.subject import environment_of

CONNECTIONS = 16
FEW_MESSAGES = 10_000
FEW_ROUNDS = 5
TRIGGER = "/inbound-event/v1/events/json/triggers?urlTokenId=00000000-0000-4000-8000-000000000000"
NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000000;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      default_type application/json;
      return 202 '{{"meta": {{"httpStatus": "202 - Accepted"}}}}';
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """The result of one contestant's process.

    Attributes:
        messages_per_second: the rate over the whole run.
        peak_megabytes: its peak resident memory.
    """

    messages_per_second: float
    peak_megabytes: float


@click.command("sender")
@click.option("--rounds", default=5, show_default=True, help="Rounds of each contestant.")
@click.option("--messages", default=5_000, show_default=True, help="Messages of each round.")
@click.option("--flat", default=0, help="Also compare 10,000 messages with this number.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(rounds: int, messages: int, flat: int, *, as_json: bool) -> None:
    """The sender: messages per second with both transports, compared with peers.

    Example: python -m loadtests.benchmarks sender --rounds 5 --flat 1000000
    """
    figures = _throughput(rounds, messages)
    sections = {
        f"{title}, against the others": [first, *(f for f in figures if f is not first)]
        for title, first in zip(("Requests transport", "Fast transport"), figures, strict=False)
    }
    if flat:
        sections |= _flatness(flat)
    if as_json:
        result = {title: [f.to_mapping() for f in figures] for title, figures in sections.items()}
        sys.stdout.write(json.dumps(result, indent=2) + "\n")
        return
    console = Console()
    for title, figures in sections.items():
        console.print(table(title, figures))


def _throughput(rounds: int, messages: int) -> list[Figure]:
    names = {
        "sender, requests": "requests",
        "sender, fast": "fast",
        f"bare requests, {CONNECTIONS} connections": "bare",
        "bare requests, 1 connection": "bare-one",
        "segment, batches of 100": "segment",
        "posthog, batches of 100": "posthog",
    }
    with nginx() as url:
        installed = {title: name for title, name in names.items() if _is_installed(name)}
        contestants = {
            title: lambda name=name: measured(name, url, messages).messages_per_second
            for title, name in installed.items()
        }
        return interleave(contestants, rounds=rounds, unit="messages/s")


def _flatness(many: int) -> dict[str, list[Figure]]:
    with nginx() as url:
        few = [measured("fast", url, FEW_MESSAGES) for _ in range(FEW_ROUNDS)]
        rounds_by_size = {f"{many:,} messages": [measured("fast", url, many)]}
    rounds_by_size[f"{FEW_MESSAGES:,} messages"] = few
    seconds = [
        Figure(name, "µs", tuple(1e6 / result.messages_per_second for result in rounds))
        for name, rounds in rounds_by_size.items()
    ]
    memory = [
        Figure(name, "MB", tuple(result.peak_megabytes for result in rounds))
        for name, rounds in rounds_by_size.items()
    ]
    return {"Time a message, sender, fast": seconds, "Peak memory, sender, fast": memory}


def measured(name: str, url: str, messages: int, checkout: Path | None = None) -> Measured:
    """Run one contestant in its own process.

    Args:
        name: the contestant.
        url: the trigger URL.
        messages: the number of messages to send.
        checkout: a folder with the version to run; None: this one.

    Raises:
        click.ClickException: it failed.
    """
    command = [sys.executable, "-m", "loadtests.benchmarks.sender_contestants"]
    arguments = [name, url, str(messages), str(CONNECTIONS)]
    environment = None if checkout is None else environment_of(checkout)
    done = subprocess.run(
        [*command, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=checkout,
        env=environment,
    )
    if done.returncode:
        raise click.ClickException(f"{name}: {done.stderr[-800:]}")
    result = json.loads(done.stdout)
    return Measured(result["messagesPerSecond"], result["peakMegabytes"])


@contextmanager
def nginx() -> Iterator[str]:
    """Run nginx with one static answer, and yield a trigger URL on it."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        raise click.ClickException("nginx is not installed; Debian's package is nginx-light")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="sender-bench-") as folder:
        configuration = Path(folder) / "nginx.conf"
        configuration.write_text(NGINX.format(folder=folder, port=port), "utf-8")
        command = [program, "-c", str(configuration), "-e", f"{folder}/error.log"]
        with running(command, listens(port)):
            yield f"http://127.0.0.1:{port}{TRIGGER}"


def _is_installed(name: str) -> bool:
    module = {"segment": "segment", "posthog": "posthog"}.get(name)
    if module is None:
        return True
    # Tried in another process, to keep a large library out of this one.
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}"], capture_output=True, check=False
    )
    if done.returncode:
        click.echo(f"skipped: {name} is not installed in this environment", err=True)
    return done.returncode == 0


if __name__ == "__main__":
    main()
