from types import SimpleNamespace

import pytest

from contracts.conformance.scenario import Scenario
from mock_qualtrics import pytest_scenarios
from mock_qualtrics.pytest_scenarios import _Watch

SCENARIO = Scenario("down", "It is down.", ("A-RTRY-1",), needs=frozenset({"retries"}))


def report(
    when: str, fixture: str = "qualtrics_scenario", test: str = "test_it"
) -> SimpleNamespace:
    return SimpleNamespace(when=when, keywords={fixture: 1}, nodeid=f"a.py::{test}[down]")


def ended(
    *reports: SimpleNamespace, exit_code: int = 0, are_chosen: bool = False
) -> tuple[int, list[str]]:
    watch, lines = _Watch(are_chosen=are_chosen), []
    session = SimpleNamespace(exitstatus=exit_code)
    for each in reports:
        watch.pytest_runtest_logreport(each)
    watch.pytest_sessionfinish(session, exit_code)
    watch.pytest_terminal_summary(SimpleNamespace(write_line=lines.append))
    return session.exitstatus, lines


def test_a_session_that_judged_no_scenario_of_those_that_it_has_fails():
    code, (line,) = ended(report("setup"), report("teardown"))
    assert code == 1
    assert "no scenario was judged" in line


def test_a_session_that_judged_one_or_has_none_is_left_alone():
    assert ended(report("setup"), report("call"), report("setup")) == (0, [])
    assert ended(report("setup", "qualtrics")) == (0, [])
    assert ended() == (0, [])


def test_of_two_connectors_each_must_be_judged_unless_scenarios_were_chosen():
    reports = (report("setup"), report("call"), report("setup", test="test_other"))
    code, (line,) = ended(*reports)
    assert code == 1
    assert "judged by a.py::test_other: all were skipped" in line
    assert ended(*reports, are_chosen=True) == (0, [])
    assert ended(report("setup"), are_chosen=True)[0] == 1


def test_a_mark_declares_what_one_connector_does_not_claim():
    mark = pytest.mark.qualtrics_scenario(without=["retries"]).mark
    assert pytest_scenarios._of_mark(mark) == {
        "without": {"retries"},
        "known_failing": frozenset(),
    }


@pytest.mark.parametrize(
    "marker",
    [
        pytest.mark.qualtrics_scenario("retries"),
        pytest.mark.qualtrics_scenario(without="retries"),
        pytest.mark.qualtrics_scenario(known=["down"]),
    ],
)
def test_another_mark_is_refused(marker):
    with pytest.raises(pytest.Collector.CollectError, match="lists of names"):
        pytest_scenarios._of_mark(marker.mark)


def test_each_connector_has_a_folder_of_its_own():
    ids = ["tests/a.py::T::test[down]", "tests/a.py::test[down-x y]", "a.py::test_2[é-down]", "b"]
    names = [pytest_scenarios._connector_of(each, "down") for each in ids]
    assert names == ["tests.a.py.T.test", "tests.a.py.test.x.y", "a.py.test_2.é", "b"]


def test_a_session_that_failed_otherwise_keeps_its_exit_code():
    assert ended(report("setup"), exit_code=2)[0] == 2


def test_an_unknown_name_is_told_with_what_was_perhaps_meant():
    known = {"retries", "mapping"}
    pytest_scenarios._check("--qualtrics-without", ["mapping"], known, "claim")
    with pytest.raises(pytest.Collector.CollectError, match="no claim 'retrys': did you mean retr"):
        pytest_scenarios._check("--qualtrics-without", ["retrys"], known, "claim")
    with pytest.raises(pytest.Collector.CollectError, match="'x': there are mapping, retries"):
        pytest_scenarios._check("--qualtrics-without", ["x"], known, "claim")


def test_an_unknown_name_among_many_tells_where_all_are_listed():
    many = [f"scenario-{number}" for number in range(76)]
    with pytest.raises(pytest.Collector.CollectError, match=r"--list shows all$"):
        pytest_scenarios._check("known_failing", ["x"], many, "scenario")


def test_a_scenario_of_which_a_need_is_declined_is_skipped_with_the_reason():
    (_, mark) = pytest_scenarios._marks(SCENARIO, frozenset({"retries", "mapping"}), frozenset())
    assert (mark.name, mark.kwargs["reason"]) == (
        "skip",
        "the connector does not claim retries",
    )


def test_a_known_failing_scenario_may_fail_by_its_verdict_only():
    (_, mark) = pytest_scenarios._marks(SCENARIO, frozenset(), frozenset({"down"}))
    assert (mark.name, mark.kwargs["strict"]) == ("xfail", True)
    assert mark.kwargs["raises"].__name__ == "ScenarioFailedError"


def test_any_other_scenario_is_judged():
    (mark,) = pytest_scenarios._marks(SCENARIO, frozenset({"mapping"}), frozenset({"other"}))
    assert mark.name == "qualtrics_scenario"
