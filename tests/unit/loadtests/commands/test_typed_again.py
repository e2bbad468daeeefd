"""The command line that makes a page again."""

import pytest

from loadtests.commands.plan_command import plan_command
from loadtests.commands.typed_again import typed_again


def again(*words: str) -> str:
    return typed_again(plan_command.make_context("plan", list(words)))


def test_the_same_plan_has_the_same_command_however_it_was_typed():
    typed = ("--arrival-rate", "1,000", "--days", "1", "--profiles=60000", "--window", "sliding")
    written = ("--html", "a.html", "--chart", "a.svg", "--json")
    assert again(*typed, *written) == again("--profiles", "60_000", "--arrival-rate", "1e3")
    assert again(*typed) == (
        "qualtrics-load plan --profiles 60_000 --arrival-rate 1000 --html plan.html"
    )


def test_numbers_schedules_and_flags_are_as_they_are_typed():
    words = ("--retry-after", "15,30.5", "--loss-at-most", "0", "--fault-ratio", "0.01")
    assert again(*words) == (
        "qualtrics-load plan --retry-after 15,30.5 --fault-ratio 0.01 --loss-at-most 0 "
        "--html plan.html"
    )
    assert "--allow-missing-columns --" in again("--allow-missing-columns", "p.csv")


def test_files_with_spaces_can_be_pasted():
    found = again("my profiles.csv", "--dataflow", "d.toml")
    assert found.startswith("qualtrics-load plan 'my profiles.csv' --dataflow d.toml")


def test_no_url_is_told_wherever_it_comes_from(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUALTRICS_URL", "https://example.com/secret")
    assert "--url" not in again("p.csv")
    typed = again("p.csv", "--url", "https://example.com/secret")
    assert "--url URL" in typed
    assert "secret" not in typed
