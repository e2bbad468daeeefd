"""Why a plan loses messages, in words."""

from loadtests.planning import Forecast, Plan
from loadtests.planning.proposals.reasons import why_lost

PLAN = Plan(profiles=10, arrival_rate=1.0)


def test_what_loses_most_comes_first_and_an_unknown_code_is_said_as_it_is() -> None:
    outcome = Forecast(
        plan=PLAN,
        messages=10,
        delivered_by_try=(6, 0, 0),
        dropped_by_code={"413": 1, "429": 2, "401": 1},
        blocked_by_day={0: 3},
    )
    assert why_lost(outcome) == (
        "3 blocked by the daily cap, 2 refused by the limit a minute (429), 1 too large (413), "
        "1 answered 401"
    )


def test_nothing_is_lost() -> None:
    outcome = Forecast(plan=PLAN, messages=10, delivered_by_try=(10, 0, 0))
    assert why_lost(outcome) == "nothing is lost"
