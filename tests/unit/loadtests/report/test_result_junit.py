from xml.etree import ElementTree as ET

import pytest

from loadtests.report import result_junit
from loadtests.verdicts import Verdict, VerdictKind
from support.load_results import load_result


def suite(result) -> tuple[ET.Element, dict[str, str]]:
    root = ET.fromstring(result_junit(result))
    cases = {
        case.attrib["name"]: next((part.tag for part in case), "passed")
        for case in root.iter("testcase")
    }
    return root, cases


def test_each_threshold_is_a_case_and_so_is_the_reconciliation() -> None:
    root, cases = suite(load_result())
    assert cases == {
        "threshold p95_ms<250": "passed",
        "threshold lost==0": "failure",
        "the mock's journal agrees": "passed",
    }
    assert root.attrib["name"] == "locust load test"


@pytest.mark.parametrize(
    "kind", [VerdictKind.GENERATOR_LIMITED, VerdictKind.BROKEN, VerdictKind.INTERRUPTED]
)
def test_a_run_without_a_verdict_is_an_error_and_never_green(kind) -> None:
    root, cases = suite(load_result(kind, judged=()))
    assert int(root.attrib["errors"]) >= 1
    assert cases["the run itself"] == "error"


def test_a_run_without_a_verdict_gives_its_reason_once_and_judges_no_threshold() -> None:
    root, cases = suite(load_result(VerdictKind.GENERATOR_LIMITED))
    assert root.attrib["errors"] == "1"
    assert cases["threshold lost==0"] == "skipped"


def test_without_thresholds_it_is_whether_a_message_was_lost() -> None:
    _, cases = suite(load_result(VerdictKind.FAILED, judged=()))
    assert cases["no message is lost"] == "failure"


def test_a_balance_that_does_not_hold_is_a_failure() -> None:
    result = load_result()
    wrong = [
        line.__class__("calls", (("a", 1),), (("b", 2),), holds=False) for line in result.balance
    ]
    changed = load_result(
        VerdictKind.PASSED, balance=tuple(wrong[:1]), verdict=Verdict(VerdictKind.PASSED)
    )
    assert suite(changed)[1]["the mock's journal agrees"] == "failure"
