"""``qualtrics-load plan`` as it is typed: what it prints, refuses and exits with."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from contracts import tables
from loadtests.cli import main
from loadtests.commands import plan_command

Plan = Callable[..., Result]


@pytest.fixture
def plan() -> Plan:
    return lambda *words: CliRunner().invoke(main, ["plan", *words])


def test_the_figures_of_a_backfill_that_is_too_large(plan):
    found = json.loads(plan("--profiles", "10_000", "--arrival-rate", "1000", "--json").stdout)
    assert (found["profiles"], found["delivered"], found["dropped"]) == (10_000, 3_000, 7_000)
    assert found["deliveredByTry"] == [3_000, 0, 0]
    assert (found["finishedAtSeconds"], found["lastDroppedAtSeconds"]) == (39.999, 39.999)
    assert (found["uncertain"], found["duplicates"], found["blockedByDailyCap"]) == (0, 0, 0)


def test_without_an_arrival_rate_there_are_three_answers_and_never_one(plan):
    found = json.loads(plan("--profiles", "5,000", "--json").stdout)
    assert found.keys() == {"byArrivalRate"}
    rates = [(each["arrivalRate"], each["profiles"]) for each in found["byArrivalRate"]]
    assert rates == [(100.0, 5_000), (1_000.0, 5_000), (10_000.0, 5_000)]


def test_off_a_terminal_the_first_line_says_which_rate_a_column_is_of(plan):
    lines = plan("--profiles", "5000").stdout.splitlines()
    assert lines[0] == "Forecast\t100 a second\t1,000 a second\t10,000 a second"
    assert lines[2].startswith("Messages\t5,000\t5,000\t5,000")
    assert any("At 100 a second: " in line for line in lines)
    assert any("A-LIM-1" in line for line in lines)


def test_on_a_terminal_it_is_a_table(plan, monkeypatch):
    monkeypatch.setattr(tables, "on_terminal", lambda: True)
    monkeypatch.setattr("loadtests.commands.plan_table.on_terminal", lambda: True)
    monkeypatch.setattr(tables, "terminal_columns", lambda: 100)
    shown = plan("--profiles", "10_000", "--arrival-rate", "1000").stdout
    first, line, *_ = shown.splitlines()
    assert first.split() == ["Forecast", "1,000", "a", "second"]
    assert set(line.strip()) <= {"─", " "}
    assert "7,000 (70.0 %) of 10,000 messages lost" in shown


def test_the_same_seed_says_the_same_and_another_one_does_not(plan):
    words = ("--profiles", "2000", "--arrival-rate", "100", "--fault-ratio", "0.3", "--json")
    first, again = plan(*words, "--seed", "7"), plan(*words, "--seed", "7")
    assert first.stdout == again.stdout
    assert json.loads(first.stdout) != {**json.loads(plan(*words, "--seed", "8").stdout), "seed": 7}


def test_what_a_forecast_rests_on_is_printed_with_how_sure_it_is(plan):
    shown = plan("--profiles", "10", "--arrival-rate", "1").stdout
    assert "\nWhat this rests on:\n" in shown
    assert "\nQ-LIM-5\tassumed\t" in shown
    assert "\nQ-LIM-1\tdocumented\t" in shown


def test_many_seeds_give_a_band(plan):
    words = ("--profiles", "500", "--arrival-rate", "50", "--lost-ratio", "0.2", "--seeds", "5")
    found = json.loads(plan(*words, "--json").stdout)["band"]
    assert found["seeds"] == 5
    assert found["duplicates"]["low"] <= found["duplicates"]["high"]
    assert "Seeds\t5 from 0: median (share; 5 % to 95 %)" in plan(*words).stdout


def test_a_lossless_export_loses_nothing(plan):
    words = ("--profiles", "7000", "--arrival-rate", "1000", "--policy", "lossless", "--json")
    found = json.loads(plan(*words).stdout)
    assert (found["delivered"], found["lost"]) == (7_000, 0)
    assert found["finishedAtSeconds"] > 120


@pytest.mark.parametrize(("at_most", "code"), [("0.7", 0), ("0.6", 4), ("0", 4)])
def test_a_loss_above_the_threshold_is_4_and_is_printed_all_the_same(plan, at_most, code):
    shown = plan("--profiles", "10_000", "--arrival-rate", "1000", "--loss-at-most", at_most)
    assert shown.exit_code == code
    assert "7,000 (70.0 %)" in shown.stdout


def test_without_a_threshold_a_loss_is_an_answer_and_no_failure(plan):
    assert plan("--profiles", "10_000", "--arrival-rate", "1000").exit_code == 0


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ((), "no profiles: expected --profiles N, or --dataflow FILE and PROFILES"),
        (("--profiles", "0"), "--profiles: found 0, expected a whole number, 1 to"),
        (("--profiles", "-5"), "--profiles: found -5"),
        (("--profiles", "1" + "0" * 400), "--profiles: found 1000"),
        (("--profiles", "1" * 5_000), "--profiles"),
        (("--profiles", "many"), "--profiles"),
        (("--profiles", "1.5"), "--profiles"),
        (("--profiles", "5", "--arrival-rate", "nan"), "--arrival-rate"),
        (("--profiles", "5", "--arrival-rate", "1e-9"), "--arrival-rate: found 0.000000001"),
        (("--profiles", "5", "--retry-after", "30,15"), "--retry-after"),
        (("--profiles", "5", "--retry-after", "0"), "--retry-after"),
        (("--profiles", "5", "--window", "tumbling"), "--window"),
        (("--profiles", "5", "--seeds", "0"), "--seeds"),
        (("--profiles", "5", "--seeds", "1000001"), "--seeds"),
        (("--profiles", "5", "--loss-at-most", "1.1"), "--loss-at-most"),
        (("--profiles", "5", "--policy", "lossless", "--retry-after", "15"), "--retry-after"),
        (("--profiles", "5", "--restated-daily", "0.1"), "--restated-daily"),
        (("--profiles", "5", "p.csv"), "--profiles with PROFILES"),
        (("--profiles", "5", "--outbox", "o.sqlite"), "--profiles with --outbox"),
        (("p.csv",), "without --dataflow"),
        (("--json", "yes", "--profiles", "5"), "--json takes no value"),
    ],
)
def test_bad_input_is_one_error_with_2_and_nothing_is_computed(plan, words, error, monkeypatch):
    monkeypatch.setattr(plan_command, "result_of", never)
    shown = plan(*words)
    assert (shown.exit_code, shown.stdout) == (2, "")
    (line,) = [line for line in shown.stderr.splitlines() if line.startswith("Error: ")]
    assert error in line


def never(*_: object) -> None:
    pytest.fail("something was computed")


def test_ctrl_c_is_3_without_a_traceback(plan, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(plan_command, "result_of", interrupt)
    shown = plan("--profiles", "5")
    assert (shown.exit_code, shown.stdout) == (3, "")
    assert shown.stderr == "error: interrupted; give the same command again\n"


def test_an_unknown_command_is_wrong_usage():
    shown = CliRunner().invoke(main, ["plot"])
    assert shown.exit_code == 2
    assert "No such command 'plot'" in shown.stderr


def test_help_has_an_example():
    assert "Example: qualtrics-load plan --profiles" in CliRunner().invoke(main, ["--help"]).stdout
