"""When a scenario is decided although its connector goes on."""

import pytest

from contracts.conformance.process.watch import calls_that_decide, settled_seconds
from contracts.conformance.scenario import Expectations, Scenario


def waits(*kinds: str, timeout_seconds: float = 100) -> float:
    faults = tuple({"kind": kind} for kind in kinds)
    scenario = Scenario("s", "p", (), timeout_seconds=timeout_seconds, faults=faults)
    return settled_seconds(scenario)


@pytest.mark.parametrize("kind", ["status", "redirect", "reset-before-read"])
def test_a_call_that_was_clearly_refused_is_tried_again_before_all_is_accepted(kind: str):
    assert waits() == waits(kind) == 5


@pytest.mark.parametrize("kind", ["reset-after-journal", "latency", "hang", "truncate", "empty"])
def test_an_answer_that_was_lost_or_late_may_be_followed_by_a_retry(kind: str):
    assert waits("status", kind) == 35


def test_there_is_time_left_to_decide_a_short_scenario():
    assert waits("hang", timeout_seconds=20) == 10


@pytest.mark.parametrize(
    ("delivered", "ends", "decided_by"),
    [
        ("all", "success", 3),
        ("any", "as-delivered", 3),
        (("ada@example.com",), "success", 1),
        ("any", "failure", None),
        ("none", "failure", None),
    ],
)
def test_a_service_is_done_once_all_that_may_be_delivered_is(delivered, ends, decided_by):
    scenario = Scenario("s", "p", (), expect=Expectations(delivered=delivered, exit=ends))
    assert calls_that_decide(scenario, 3) == decided_by
