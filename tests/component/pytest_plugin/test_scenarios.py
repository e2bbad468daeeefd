"""The fixture ``qualtrics_scenario`` judges a connector that is a function, on a virtual clock."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from contracts.conformance import function_connector
from contracts.conformance.catalogue import chosen
from contracts.conformance.function_connector import FunctionRun, Given
from contracts.conformance.scenario import Scenario, read_scenario
from mock_qualtrics.server import RunningServer
from mock_qualtrics.testing.scenario_case import ScenarioCase, ScenarioFailedError

Judge = Callable[..., FunctionRun]

DOWN_FOR_A_DAY = """
purpose = "A destination that is down for a day is tried again, for 24 hours."
facts = ["A-RTRY-1"]
needs = ["retries"]
[sample]
count = 1
[[faults]]
kind = "status"
status = 503
when = { between = [0, 86_390] }
[expect]
gap_seconds = 15
"""
ANSWERS_IN_MID_RUN = """
purpose = "A token that is replaced in mid-run is not tried again."
facts = ["Q-AUTH-6"]
[sample]
count = 300
[[during]]
after = { accepted = 1 }
do = "new-token"
[expect]
delivered = "any"
exit = "failure"
"""


def post(given: Given, body: bytes) -> int:
    answer = requests.post(
        given.url,
        data=body,
        headers={"Content-Type": "application/json"},
        auth=(given.username, given.token),
        timeout=60,
    )
    return answer.status_code


def deliver(given: Given, wait: float = 15.0, tries: int = 10) -> bool:
    """Post each message until it is taken."""
    for body in given.bodies:
        for _ in range(tries):
            status = post(given, body)
            if status < 429:
                break
            given.clock.sleep(wait)
        if status >= 400:
            return False
    return True


@pytest.fixture
def judge(qualtrics_server: RunningServer, tmp_path: Path) -> Judge:
    def run(
        scenario: Scenario | str, connector: Callable[[Given], object] = deliver
    ) -> FunctionRun:
        known = chosen([scenario])[0] if isinstance(scenario, str) else scenario
        case = ScenarioCase(qualtrics_server.control_url, known, counterexamples=tmp_path)
        return case.judge(connector)

    return run


@pytest.mark.parametrize("name", ["happy-path", "rate-limited"])
def test_a_connector_that_keeps_the_contract_passes(judge, name):
    assert judge(name).reasons == ()


def test_a_day_of_backoff_is_judged_to_the_second(judge):
    scenario = read_scenario("down-for-a-day", DOWN_FOR_A_DAY)
    run = judge(scenario, lambda given: deliver(given, wait=3_600, tries=30))
    calls = run.recording.calls
    assert [call.at - calls[0].at for call in calls] == [3_600.0 * n for n in range(25)]
    assert run.slept_seconds == 86_400


def test_a_connector_that_comes_back_too_soon_is_told_by_how_much(judge):
    scenario = read_scenario("down", DOWN_FOR_A_DAY.replace("86_390", "14"))
    with pytest.raises(ScenarioFailedError, match=r"came 14\.999 s after .* at least 15 s"):
        judge(scenario, lambda given: deliver(given, wait=14.999))


def test_a_connector_that_waits_for_ever_is_stopped_after_48_hours(judge):
    scenario = read_scenario("down-for-a-day", DOWN_FOR_A_DAY)

    def wait_for_ever(given: Given) -> None:
        while True:
            given.clock.sleep(7_200)

    with pytest.raises(ScenarioFailedError, match=r"had not ended after 172800\.0 s") as failure:
        judge(scenario, wait_for_ever)
    assert "no call came" in str(failure.value)
    assert "--timeout-seconds" not in str(failure.value)


def test_a_connector_that_never_sleeps_is_stopped_when_its_time_is_up(judge):
    scenario = read_scenario("spins", "timeout_seconds = 0.05" + DOWN_FOR_A_DAY)

    def spin(given: Given) -> None:
        while True:
            with contextlib.suppress(Exception):  # as a careless connector does
                given.clock.now()

    with pytest.raises(ScenarioFailedError, match=r"had not ended after 0\.1 s") as failure:
        judge(scenario, spin)
    assert "never slept" not in str(failure.value)  # it made no second call of any message


@pytest.mark.parametrize("in_thread", [False, True], ids=["main-thread", "another-thread"])
def test_one_that_waits_in_the_system_is_stopped_where_that_can_be(judge, in_thread):
    scenario = read_scenario("sleeps", "timeout_seconds = 0.05" + DOWN_FOR_A_DAY)
    before = signal.getsignal(signal.SIGURG)
    waits = threading.Event().wait if not in_thread else _looks_again_and_again

    def run() -> None:
        with pytest.raises(ScenarioFailedError, match=r"not ended after 0\.1 s, and was stopped"):
            judge(scenario, lambda _: waits(600))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result() if in_thread else run()
    assert signal.getsignal(signal.SIGURG) is before


def _looks_again_and_again(_: float) -> None:
    while True:
        pass


async def _is_async(given: Given) -> None:
    """Deliver nothing, for nobody awaits it."""


def _yields(given: Given) -> Iterator[int]:
    yield post(given, b"{}")


@pytest.mark.parametrize(
    ("connector", "said"),
    [(_is_async, "a coroutine"), (_yields, "a generator"), (None, "found NoneType")],
)
def test_what_nobody_runs_is_no_connector(judge, connector, said):
    with pytest.raises(TypeError, match=said):
        judge(chosen(("answer-200",))[0], connector)


def test_a_connector_that_waits_by_another_clock_is_told_so(judge):
    scenario = read_scenario("down", DOWN_FOR_A_DAY)

    def wait_otherwise(given: Given) -> bool:
        statuses = [post(given, given.bodies[0]) for _ in range(3)]
        return min(statuses) < 400

    with pytest.raises(ScenarioFailedError, match=r"the connector never .* `clock\.sleep` moves"):
        judge(scenario, wait_otherwise)


def test_the_failure_says_how_to_replay_it(judge, tmp_path):
    with pytest.raises(ScenarioFailedError) as failure:
        judge("answer-200", lambda given: None)
    replay = f"to replay it: qualtrics-contracts replay {tmp_path}/answer-200/counterexample"
    assert str(failure.value).endswith(replay)


def test_a_connector_that_raises_is_told_with_what_it_raised(judge):
    def fail(given: Given) -> None:
        post(given, given.bodies[0])
        raise LookupError("no such setting")

    with pytest.raises(ScenarioFailedError, match="9 of 10 messages started no run") as failure:
        judge("happy-path", fail)
    assert "it raised LookupError, expected it to return" in str(failure.value)
    assert isinstance(failure.value.__cause__, LookupError)


@pytest.mark.parametrize("code", [0, None])
def test_a_system_exit_may_say_that_all_was_delivered(judge, code):
    def leave(given: Given) -> None:
        deliver(given)
        raise SystemExit(code)

    assert judge("happy-path", leave).reasons == ()


def test_one_that_returns_after_a_loss_is_told_what_it_lost_and_nothing_of_a_command(judge):
    with pytest.raises(ScenarioFailedError) as failure:
        judge("not-retried-400", lambda given: [post(given, body) for body in given.bodies])
    said = str(failure.value)
    assert "it returned, expected it to raise, or to return False: not all was delivered" in said
    assert "that of p***@e***.com, whose calls were answered 400" in said
    assert "exit code" not in said


def test_where_mapping_is_tried_no_message_is_given_and_the_claim_may_be_declined(judge):
    with pytest.raises(ScenarioFailedError, match="MESSAGES is empty here") as failure:
        judge("hashed-emails")
    assert "the connector may decline this: --qualtrics-without mapping" in str(failure.value)


@pytest.mark.parametrize(("code", "shown"), [(3, 3), ("lost some", 1)])
def test_a_system_exit_may_say_that_not_all_was_delivered(judge, code, shown):
    def leave(given: Given) -> None:
        deliver(given)
        raise SystemExit(code)

    with pytest.raises(ScenarioFailedError, match=f"exit code {shown}"):
        judge("happy-path", leave)


def test_a_connector_says_that_it_lost_some_by_returning_false(judge):
    with pytest.raises(ScenarioFailedError, match="it returned False, expected it to return"):
        judge("happy-path", lambda given: bool(deliver(given)) and False)


def test_what_a_scenario_has_for_mid_run_happens_beside_the_function(judge):
    run = judge(read_scenario("new-token", ANSWERS_IN_MID_RUN))
    assert run.recording.calls[-1].status == 401


def test_an_interrupt_of_the_user_is_none_of_the_connector(judge):
    def interrupt(given: Given) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge("happy-path", interrupt)


def test_nothing_is_left_running(judge):
    before = set(threading.enumerate())
    judge(read_scenario("new-token", ANSWERS_IN_MID_RUN))
    assert [thread for thread in threading.enumerate() if thread not in before] == []


def test_the_tenant_is_deleted_after_the_run(judge, qualtrics_server):
    def tenants() -> int:
        return len(requests.get(f"{qualtrics_server.control_url}/tenants", timeout=60).json())

    before = tenants()
    judge("happy-path")
    assert tenants() == before


def test_real_waits_are_said():
    text = DOWN_FOR_A_DAY.replace('"status"\nstatus = 503', '"latency"\nseconds = 2')
    waits = function_connector.real_waits(read_scenario("slow", text))
    assert waits == ("the answer's latency passes in real time",)
