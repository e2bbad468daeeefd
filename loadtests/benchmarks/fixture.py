"""What the fixture ``qualtrics`` costs a test suite, beside the fixture of pytest-httpserver.

A session is a process of its own: pytest with the one plugin, and tests that each post one message
and look at what came of it. For the mock that is the run that they wait for, with the default
delay; for the peer, the request that its log has. All modules are compiled before, as an installer
does.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from loadtests.benchmarks.measure import Figure, interleave, table

PEER: Final = "pytest_httpserver"
_HEAD: Final = """
import pytest
import requests

@pytest.mark.parametrize("number", range({tests}))
"""
_OURS: Final = (
    _HEAD
    + """
def test_export(qualtrics, number):
    auth = (qualtrics.username, qualtrics.api_token)
    requests.post(qualtrics.trigger_url, json={{"n": number}}, auth=auth).raise_for_status()
    (run,) = qualtrics.wait_for_runs(succeeded=1)
    assert run.event == {{"n": number}}
"""
)
_THEIRS: Final = (
    _HEAD
    + """
def test_export(httpserver, number):
    httpserver.expect_request("/trigger", method="POST").respond_with_json({{"meta": {{}}}}, 202)
    auth = ("user", "PLACEHOLDER-TOKEN")
    url = httpserver.url_for("/trigger")
    requests.post(url, json={{"n": number}}, auth=auth).raise_for_status()
    ((request, _),) = httpserver.log
    assert request.get_json() == {{"n": number}}
"""
)
_SUITES: Final[Mapping[str, tuple[str, str]]] = {
    "mock-qualtrics": ("mock_qualtrics.pytest_plugin", _OURS),
    "pytest-httpserver": (f"{PEER}.pytest_plugin", _THEIRS),
}


@click.command("fixture")
@click.option("--tests", default=400, show_default=True, help="Tests of a session.")
@click.option("--rounds", default=5, show_default=True, help="Rounds of each session.")
def main(tests: int, rounds: int) -> None:
    """A suite that uses the fixture, and one that uses pytest-httpserver's.

    Example: python -m loadtests.benchmarks fixture --tests 400 --rounds 5
    """
    if importlib.util.find_spec(PEER) is None:
        raise click.ClickException(f"{PEER} is not installed: `make bench` installs it")
    sessions: dict[str, Callable[[], float]] = {
        f"{name}, {count} {'test' if count == 1 else 'tests'}": partial(seconds_of, suite, count)
        for count in (tests, 1)
        for name, suite in _SUITES.items()
    }
    for suite in _SUITES.values():
        seconds_of(suite, 1)  # which compiles what is imported
    figures = interleave(sessions, rounds=rounds, unit="s")
    Console().print(table("A session, from start to end", figures))
    further = [_each(*pair, tests) for pair in zip(figures[:2], figures[2:], strict=True)]
    Console().print(table("Each further test", further))


def seconds_of(suite: tuple[str, str], tests: int) -> float:
    """Run a session of that many tests; return how long it took."""
    plugin, source = suite
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "test_exports.py")
        path.write_text(source.format(tests=tests), "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider", f"-p{plugin}"]
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        started = time.perf_counter()
        subprocess.run(
            [*command, str(path)], cwd=folder, env=environment, check=True, capture_output=True
        )
        return time.perf_counter() - started


def _each(many: Figure, one: Figure, tests: int) -> Figure:
    """Return what each test of a session costs beyond its first, in milliseconds."""
    pairs = zip(many.values, one.values, strict=True)
    values = tuple((most - least) / max(1, tests - 1) * 1_000 for most, least in pairs)
    return Figure(many.name.partition(",")[0], "ms", values)
