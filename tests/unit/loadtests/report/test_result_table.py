from loadtests.reconciling import BalanceLine
from loadtests.report import result_table
from loadtests.verdicts import VerdictKind
from support.load_results import load_result


def test_the_terminal_ends_with_the_thresholds_and_the_verdict() -> None:
    lines = result_table(load_result()).splitlines()
    assert lines[-3:] == [
        "met        p95_ms<250, found 20.02",
        "missed     lost==0, found 1",
        "MISSED",
    ]
    assert any(line.startswith("Note: a note of") for line in lines)


def test_only_counts_that_do_not_agree_are_told() -> None:
    wrong = BalanceLine("calls", (("sent", 2),), (("seen", 1),), holds=False)
    assert "calls: 2 sent beside 1 seen. Agree: NO" in result_table(load_result(balance=(wrong,)))
    assert "Agree" not in result_table(load_result())


def test_why_a_run_says_nothing_stands_under_the_verdict() -> None:
    lines = result_table(load_result(VerdictKind.BROKEN)).splitlines()
    assert lines[-2].startswith("BROKEN")
    assert lines[-1] == "  lost==0: missed, found 1"
