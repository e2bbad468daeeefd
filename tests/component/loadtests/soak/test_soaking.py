"""A soak that cannot take place says why, and leaves nothing running."""

import subprocess
import sys

import click
import psutil
import pytest

from contracts.clock import RealClock
from loadtests.soak import generators, soaking
from loadtests.soak.soak_plan import soak_plan


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


@pytest.fixture
def soaked(tmp_path):
    """Try a soak; afterwards nothing of it runs, and its store is removed."""
    before = children()
    yield lambda: soaking.soaked(soak_plan(0.1), tmp_path, RealClock())
    assert children() <= before
    assert not list(tmp_path.glob("mock-*"))


def test_a_load_that_ends_before_its_first_call_is_told(soaked, tmp_path, monkeypatch):
    command = [sys.executable, "-c", "raise SystemExit('why')"]
    monkeypatch.setattr(generators, "command_of", lambda *_: command)
    with pytest.raises(soaking.SoakError, match="the logs beside the report say why"):
        soaked()
    logs = [log.read_text() for log in tmp_path.glob("tenant-*.log")]
    assert "why\n" in logs, "the first to end; the others are ended then"


def test_a_page_that_does_not_open_is_told(soaked, monkeypatch):
    def broken(*_: object) -> None:
        raise click.ClickException("/runs: 500")

    monkeypatch.setattr(soaking, "OpenPage", broken)
    with pytest.raises(soaking.SoakError, match="the page did not open: /runs: 500"):
        soaked()


def test_what_was_started_while_it_was_interrupted_is_killed():
    before, started = children(), []

    def interrupted() -> None:
        with soaking.nothing_left():
            command = [sys.executable, "-c", "input()"]
            started.append(subprocess.Popen(command, stdin=subprocess.PIPE))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert children() == before
    started[0].communicate()


def test_what_is_left_running_is_named():
    command = [sys.executable, "-c", "print(flush=True); input()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        process.stdout.readline()  # until then it may have this process's name
        name = psutil.Process(process.pid).name()
        assert name in soaking.left_running()
        process.kill()
