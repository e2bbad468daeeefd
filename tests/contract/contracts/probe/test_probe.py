"""The probe against mocks that behave otherwise than assumed: it finds exactly what was changed."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main
from contracts.errors import ProbeError
from contracts.fidelity import behaviours
from contracts.probe.calls import Caller, Target
from contracts.probe.minute import MINUTE_SECONDS, SENDS, TRIES_AT_SECONDS
from contracts.probe.questions import BY_HAND, MOST_CALLS, QUESTIONS, Finding, assumed, proposal
from contracts.probe.report import ask, plan, told
from mock_qualtrics.testing import Qualtrics

LIMIT = 5
PLACEHOLDER = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
OTHERWISE = {
    "acceptedStatus": 200,
    "unknownTriggerStatus": 400,
    "tooLargeStatus": 400,
    "contentEncodingStatus": 400,
    "invalidJsonStatus": 422,
    "notAnObjectStatus": 422,
    "wrongMethodStatus": 404,
    "everyCredentialCounts": False,
    "mediaTypeStatus": 400,
    "missingContentTypeTaken": False,
    "disabledStatus": 403,
}
MINUTE_OTHERWISE = [
    {"retryAfter": True},
    {"window": "fixed"},
    {"countRefusedCalls": True},
    {"retryAfter": True, "countRefusedCalls": True},
]
START = {"clock": "virtual", "start_at": "2026-01-01T00:00:07Z"}


@pytest.fixture
def qualtrics_settings(request) -> dict[str, Any]:
    """A tenant with a virtual clock and the test's own assumptions."""
    return {**START, **getattr(request, "param", {})}


@pytest.fixture
def variables(qualtrics: Qualtrics) -> dict[str, str]:
    return {
        "QUALTRICS_URL": qualtrics.trigger_url,
        "QUALTRICS_USERNAME": qualtrics.username,
        "QUALTRICS_API_TOKEN": qualtrics.api_token,
        "QUALTRICS_DISABLED_URL": qualtrics.workflow(name="Off", enabled=False).trigger_url,
    }


def changed(variables, calls_per_minute=None, pause=None) -> dict[str, Any]:
    return json.loads(proposal(ask(variables, calls_per_minute, pause)))


def tenants(*assumptions: dict[str, Any], **settings: object) -> list[dict[str, Any]]:
    return [{"assumptions": one, **settings} for one in assumptions]


EACH = [{name: value} for name, value in OTHERWISE.items()]


@pytest.mark.parametrize("qualtrics_settings", tenants({}, OTHERWISE, *EACH), indirect=True)
def test_exactly_what_was_changed_is_found(variables, qualtrics, qualtrics_settings) -> None:
    expected = qualtrics_settings["assumptions"]
    assert changed(variables) == ({"assumptions": expected} if expected else {})
    assert len(qualtrics.requests()) <= MOST_CALLS


def from_try_to_try(qualtrics: Qualtrics) -> Callable[[float], str]:
    """Pause as long as planned: what the answers really took does not pass on a virtual clock."""
    tries = (0, *TRIES_AT_SECONDS, MINUTE_SECONDS)
    planned = iter([MINUTE_SECONDS, *(later - earlier for earlier, later in pairwise(tries))])
    return lambda _: qualtrics.clock.advance(seconds=next(planned))


@pytest.mark.parametrize(
    "qualtrics_settings",
    tenants({}, *MINUTE_OTHERWISE, limits={"calls_per_minute": 20}),
    indirect=True,
)
def test_the_minute_s_assumptions_are_found(variables, qualtrics, qualtrics_settings) -> None:
    expected = qualtrics_settings["assumptions"]
    found = changed(variables, calls_per_minute=20, pause=from_try_to_try(qualtrics))
    assert found == ({"assumptions": expected} if expected else {})


@pytest.mark.parametrize(
    ("qualtrics_settings", "note"),
    [
        ({"limits": {"payload_bytes": 100_000}}, "also set limits.payloadBytes to 100000"),
        ({"limits": {"payload_bytes": 50_000}}, "100000 bytes were refused"),
        ({"limits": {"payload_bytes": 200_000}}, "102401 bytes were taken"),
    ],
    indirect=["qualtrics_settings"],
)
def test_another_reading_of_100_kb_is_told(variables, note: str) -> None:
    (size,) = [found for found in ask(variables, None) if found.id == "Q-LIM-3.status"]
    assert note in size.note


def test_what_shows_nothing_is_not_settled(variables, qualtrics) -> None:
    del variables["QUALTRICS_DISABLED_URL"]
    qualtrics.faults.add("status", when={"every": 3}, status=503)
    found = {one.id: one for one in ask(variables, None)}
    assert found["Q-WF-1.status"].observed is None
    assert "QUALTRICS_DISABLED_URL" in found["Q-WF-1.status"].note
    assert not any(one.differs for one in found.values())


def test_a_limit_that_is_never_met_settles_nothing_of_the_minute(variables) -> None:
    findings = ask(variables, LIMIT, pause=lambda seconds: None)
    assert {one.observed for one in findings if one.id in SENDS} == {None}


def test_no_more_calls_are_made_than_were_allowed(variables, qualtrics) -> None:
    caller = Caller(Target.from_environment(variables), most_calls=2)
    caller.post()
    caller.post()
    with pytest.raises(ProbeError, match="used up"):
        caller.post()
    caller.close()
    assert len(qualtrics.requests()) == 2


def test_every_assumption_about_qualtrics_is_asked_or_looked_up() -> None:
    asked = {question.id for question in QUESTIONS} | set(SENDS) | set(BY_HAND)
    assert set(assumed()) <= asked
    assert asked < {row.id for row in behaviours()}


def run(variables: dict[str, str], *options: str) -> Result:
    nothing = dict.fromkeys(("QUALTRICS_URL", "QUALTRICS_USERNAME", "QUALTRICS_API_TOKEN"), "")
    return CliRunner(env={**nothing, **variables}).invoke(main, ["probe", *options])


def test_without_the_flag_nothing_is_sent_and_all_that_would_be_is_told(
    variables, qualtrics
) -> None:
    result = run(variables, "--use-up-the-minute")
    assert result.exit_code == 0
    assert result.stdout.strip() == plan(3_000)
    assert all(id_ in result.stdout for id_ in assumed())
    assert qualtrics.requests() == []


@pytest.mark.parametrize("qualtrics_settings", tenants({}, {"acceptedStatus": 200}), indirect=True)
def test_the_command_tells_what_to_set_and_no_secret(variables, qualtrics_settings) -> None:
    result = run(variables, "--i-have-an-account")
    differs = bool(qualtrics_settings["assumptions"])
    assert result.exit_code == differs
    assert ("acceptedStatus" in result.stdout.splitlines()[-1]) == differs
    assert ("200, assumed 202: set it to 200" in result.stdout) == differs
    rows = json.loads(run(variables, "--i-have-an-account", "--json").stdout)
    assert {row["id"] for row in rows} == {one.id for one in ask(variables, None)}
    for secret in (variables["QUALTRICS_API_TOKEN"], variables["QUALTRICS_URL"].partition("=")[2]):
        assert secret not in result.output


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"QUALTRICS_API_TOKEN": ""}, "set QUALTRICS_API_TOKEN"),
        ({"QUALTRICS_API_TOKEN": " a"}, "QUALTRICS_API_TOKEN: found a blank, expected"),
        ({"QUALTRICS_USERNAME": "\ufeffa"}, "QUALTRICS_USERNAME: found a byte order mark"),
        ({"QUALTRICS_API_TOKEN": PLACEHOLDER}, "answered 401"),
        ({"QUALTRICS_URL": "http://fra1.example.com/x?urlTokenId=y"}, "no https URL"),
        ({"QUALTRICS_URL": "https://[/"}, "no https URL"),
        ({"QUALTRICS_DISABLED_URL": "ftp://127.0.0.1/"}, "QUALTRICS_DISABLED_URL is no https URL"),
    ],
)
def test_what_cannot_be_asked_is_one_clear_line(variables, change, says) -> None:
    result = run({**variables, **change}, "--i-have-an-account")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert says in result.stderr
    assert PLACEHOLDER not in result.output


def test_an_account_that_does_not_answer_is_one_clear_line(variables) -> None:
    port_nobody_listens_at = "http://127.0.0.1:1/x?urlTokenId=y"
    result = run({**variables, "QUALTRICS_URL": port_nobody_listens_at}, "--i-have-an-account")
    assert result.exit_code == 2
    assert "no answer" in result.stderr


def test_nothing_to_change_is_said(variables) -> None:
    by_hand = len(BY_HAND)
    left = rf"\nNothing to change, and {by_hand} of \d+ not settled\.$"
    assert re.search(left, told(ask(variables, None)))
    assert told([Finding("Q-X", "assumptions.x", 1, 1)]).endswith("\nNothing to change.")


def test_each_column_is_as_wide_as_its_widest_cell() -> None:
    long = Finding("Q-WF-7.settings.of.one", "assumptions.runNowTakesLiveSettingsOfAll", 1, 2)
    first, second, *_ = told([Finding("Q-X", "assumptions.x", 1, 1), long]).splitlines()
    assert first.index("1, as assumed") == second.index("2, assumed 1: set it to 2")
    assert first.index("assumptions.") == second.index("assumptions.") == len(long.id) + 2
    lines = plan(3_000).splitlines()[1:-2]
    assert len({len(line) - len(line.partition(" ")[2].lstrip()) for line in lines}) == 1
