"""The exit code of a plan, and what of it a dataflow switches off."""

import pytest

from loadtests.commands.plan_command import exit_code, exported_again, without_effect
from loadtests.commands.plan_options import PlanOptions
from loadtests.commands.plan_results import Reading, result_of
from loadtests.planning import Plan


def result(seeds=1, broken=0, **settings: object):
    plan = Plan(profiles=100, arrival_rate=10.0, limit_per_minute=30, **settings)
    return result_of(plan, Reading(profiles=100, broken=broken), seeds, "exact")


@pytest.mark.parametrize(
    ("loss_at_most", "code"), [(None, 0), (1.0, 0), (0.7, 0), (0.699, 4), (0.0, 4)]
)
def test_a_greater_loss_than_the_threshold_is_4(loss_at_most, code):
    assert exit_code([result()], loss_at_most) == code


def test_one_of_several_rates_that_loses_more_is_enough():
    assert exit_code([result(), result()], 0.5) == 4


def test_broken_rows_are_1_unless_a_threshold_is_missed():
    assert exit_code([result(broken=2)], None) == 1
    assert exit_code([result(broken=2)], 0.5) == 4


def test_of_many_seeds_that_of_95_percent_counts():
    found = result(seeds=20, fault_ratio=0.5)
    assert found.band is not None
    high = found.band.figures["loss_share"].high
    assert exit_code([found], high) == 0
    assert exit_code([found], high - 0.001) == 4


@pytest.mark.parametrize(
    ("options", "seeds", "notes"),
    [
        ({}, 1, []),
        ({"days": 3}, 1, ["--days 3 without --restated-daily"]),
        ({"days": 3, "restated_daily": 0.1}, 1, []),
        ({}, 1_000, ["--seeds 1,000 without --fault-ratio or --lost-ratio"]),
        ({"lost_ratio": 0.1}, 1_000, []),
        ({"fault_ratio": 0.1}, 1_000, []),
    ],
)
def test_an_option_that_changes_nothing_is_said(options, seeds, notes):
    found = without_effect(PlanOptions(**options), seeds)
    assert [note.partition(":")[0] for note in found] == notes


def test_a_dataflow_that_exports_no_restated_value_has_none_in_its_plan(capsys):
    options = PlanOptions(days=2, restated_daily=0.5)
    assert exported_again(options, Reading(profiles=1)) == options
    switched_off = Reading(profiles=1, restates=False)
    assert exported_again(options, switched_off).restated_daily == 0.0
    assert "attribute_changes is off" in capsys.readouterr().err
    assert exported_again(PlanOptions(), switched_off) == PlanOptions()
    assert not capsys.readouterr().err
