"""What was planned, as rows."""

from loadtests.commands.output.plan_inputs import input_rows
from sender.policies import ADOBE_BEST_EFFORT, LOSSLESS
from support.planned import planned_result


def test_each_input_has_a_row():
    assert input_rows([planned_result(), planned_result(arrival_rate=1_000.0)]) == [
        ("Profiles", "100"),
        ("Arrival rate", "10, 1,000 a second"),
        ("Policy", "adobe-best-effort: again after 15 and 30 s"),
        ("Limit", "30 calls a minute, sliding window"),
        ("Runs a day", "300,000"),
        ("Other traffic", "0 calls a minute"),
        ("Answered 500", "0 % of the calls"),
        ("Answers lost", "0 % of the calls"),
        ("Latency", "0 s"),
        ("Days", "1"),
        ("Seed", "0"),
    ]


def test_what_is_not_as_usual_is_said_in_its_row():
    plan = {"days": 3, "restated_daily": 0.1, "seed": 7, "fault_ratio": 0.25}
    fixed = {"window": "fixed", "window_seconds": 2, "other_traffic": 5.0, "latency_seconds": 0.5}
    found = dict(input_rows([planned_result(seeds=2, **plan, **fixed)]))
    assert found["Limit"] == "30 calls in 2 s, fixed window"
    assert found["Other traffic"] == "5 calls a minute"
    assert found["Answered 500"] == "25.0 % of the calls"
    assert found["Latency"] == "0.5 s"
    assert found["Days"] == "3; each later one restates 10.0 %"
    assert found["Seed"] == "2, from 7 on"


def test_a_policy_says_when_it_tries_again():
    once, often = map(ADOBE_BEST_EFFORT.retrying_after, ([], [15, 30, 60.5]))
    found = [
        dict(input_rows([planned_result(policy=policy)]))["Policy"]
        for policy in (once, often, LOSSLESS)
    ]
    assert found == [
        "adobe-best-effort: not again",
        "adobe-best-effort: again after 15, 30 and 60.5 s",
        "lossless: again until it is delivered",
    ]
