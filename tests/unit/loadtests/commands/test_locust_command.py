import os
import sys

from click.testing import CliRunner

from loadtests.commands import locust_command as subject
from loadtests.commands.locust_command import locust_command


def test_locust_takes_the_place_of_the_command_with_all_its_words(monkeypatch) -> None:
    started = []
    monkeypatch.setattr(os, "execv", lambda *words: started.append(words))
    assert CliRunner().invoke(locust_command, ["--headless", "-t", "5s", "--help"]).exit_code == 0
    words = [sys.executable, "-P", "-m", "loadtests.running", "--headless", "-t", "5s", "--help"]
    assert started == [(sys.executable, words)]


def test_without_locust_the_extra_is_named(monkeypatch) -> None:
    monkeypatch.setattr(subject, "find_spec", lambda _: None)
    refused = CliRunner().invoke(locust_command, [])
    assert refused.exit_code == 2
    assert "load in real time needs locust: install mock-qualtrics[load]" in refused.output
