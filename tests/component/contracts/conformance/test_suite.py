"""Scenarios run side by side, and what is no connector's fault is told apart."""

import collections
import itertools
from threading import Event
from typing import Never

import pytest

from contracts.conformance.scenario import Scenario
from contracts.conformance.suite import NO_CALL_AT_ALL, Suite
from contracts.errors import ConformanceError
from contracts.verdicts import Outcome, Verdict
from support.scenarios import pids_in, runs, scenario

NOTHING = 'expect = { delivered = "all" }'


def judged(suite: Suite, *scenarios: Scenario) -> dict[str, Verdict]:
    found: dict[str, Verdict] = {}
    suite.run(scenarios, lambda verdict: found.update({verdict.name: verdict}))
    return found


def test_a_run_without_any_call_passes_nothing(suite):
    found = judged(suite("exit 0"), scenario("idle", NOTHING), scenario("busy"))
    assert found["idle"].outcome is Outcome.FAILED
    assert found["idle"].reasons == (NO_CALL_AT_ALL,)
    assert found["busy"].reasons == (
        "no call came that names its workflow or tenant; messages: 1, to be delivered",
    )


def test_a_known_failure_is_marked_and_what_is_not_claimed_is_skipped(suite):
    setting = {"known_failing": frozenset({"busy"}), "without": frozenset({"retries"})}
    needy = scenario("needy", 'needs = ["retries"]')
    found = judged(suite("exit 1", **setting), scenario("busy"), needy)
    assert (found["busy"].outcome, found["busy"].is_known) == (Outcome.FAILED, True)
    assert found["needy"].outcome is Outcome.SKIPPED
    assert found["needy"].reasons == ("the connector does not claim retries",)


def test_a_mock_that_does_not_answer_is_no_fault_of_the_connector():
    suite = Suite(("true",), "http://127.0.0.1:9/__control/v1")
    found = judged(suite, scenario("first"), scenario("second"))
    assert {verdict.outcome for verdict in found.values()} == {Outcome.ERROR}
    assert "no answer" in found["first"].reasons[0]


def test_an_error_in_the_harness_itself_is_told_as_such(suite, tmp_path):
    (tmp_path / "one-message").mkdir()
    verdict = suite("exit 0", keep=tmp_path).judge(scenario())
    assert verdict.outcome is Outcome.ERROR
    assert verdict.reasons[0].startswith("an error of the harness: FileExistsError")


def test_what_an_interruption_ends_is_no_smaller_failure(suite):
    shrinking, refused = Event(), []

    def shrink(failed, _trial, again) -> Never:
        shrinking.set()
        with pytest.raises(ConformanceError, match="interrupted"):
            collections.deque(map(again, itertools.repeat(failed, 200)))
        refused.append(failed.name)
        raise ConformanceError("nothing to store")

    def interrupt(_: Verdict) -> None:
        shrinking.wait(60)
        raise KeyboardInterrupt

    setting = {"known_failing": frozenset({"known"}), "on_failure": shrink, "jobs": 2}
    with pytest.raises(KeyboardInterrupt):
        suite("exit 1", **setting).run([scenario("new"), scenario("known")], interrupt)
    assert refused == ["new"]


def test_an_interrupted_run_leaves_no_connector_running(suite, tmp_path):
    def interrupt(_: Verdict) -> None:
        raise KeyboardInterrupt

    long = scenario("long", "timeout_seconds = 1000")
    script = (
        'echo $$ >"$WORK_FOLDER/pid"; [ $SCENARIO = short ] || exec sleep 1000; '
        'until [ -s "$WORK_FOLDER/../../long/work/pid" ]; do sleep 0.01; done'
    )
    interrupted = suite(script, keep=tmp_path, jobs=2)
    with pytest.raises(KeyboardInterrupt):
        interrupted.run([long, scenario("short")], interrupt)
    (pid,) = pids_in(tmp_path / "long" / "work" / "pid")
    assert not runs(pid)
