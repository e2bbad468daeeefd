"""How much one step may do."""

from mock_qualtrics.clock import Countdown
from mock_qualtrics.runs.step_budget import TimedBudget


def test_a_budget_ends_after_its_number_of_runs():
    budget = TimedBudget(2, Countdown(60))
    assert budget.has_more()
    budget.take()
    assert budget.has_more()
    budget.take()
    assert (budget.taken, budget.has_more()) == (2, False)


def test_a_budget_ends_with_its_time_but_always_allows_a_first_run():
    seconds_read = [0.0]
    budget = TimedBudget(128, Countdown(1, lambda: seconds_read[0]))
    seconds_read[0] = 2.0
    assert budget.has_more()
    budget.take()
    assert not budget.has_more()
