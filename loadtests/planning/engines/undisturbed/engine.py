"""The engine of lossless exports of which nothing is refused: equal to the exact one, but fast.

Where no chance has a part in it and no other client makes calls, the pace keeps every call below
the limit (any 60 seconds, however they are counted), and the day's calls below the cap. So each
call is admitted, and what is left is when it is made. Needs no numpy; with it many calls are made
at once.
"""

from loadtests.planning.engines.destination import TOO_LARGE
from loadtests.planning.engines.tally import forecast_of
from loadtests.planning.engines.undisturbed.arrivals import come_in_turn
from loadtests.planning.engines.undisturbed.export import Export
from loadtests.planning.outcome import Forecast
from loadtests.planning.plan import SECOND, Plan
from sender.delivery.rates.pacing import BURST_SECONDS, CATCH_UP_SPEED, MINUTE_SECONDS


def fits(plan: Plan) -> bool:
    """Return whether this engine can forecast a plan."""
    policy = plan.policy
    return not (
        policy.drops_messages
        or plan.has_chance
        or plan.other_traffic
        or plan.answers_late
        or plan.window_seconds > MINUTE_SECONDS
        or (plan.oversized and policy.retries_status(TOO_LARGE))
        or _may_wait_for_an_earlier_message(plan)
        or not come_in_turn(plan)
    )


def _may_wait_for_an_earlier_message(plan: Plan) -> bool:
    """Return whether a message may arrive while the same person's last one is not answered.

    Messages are sent in their order, so that the one before is as many behind as are restated.
    """
    if not plan.restated or not plan.answer_us:
        return False
    seconds = plan.answer_us / SECOND + BURST_SECONDS
    under_way = seconds * CATCH_UP_SPEED * plan.limit_per_minute / MINUTE_SECONDS + 2
    return bool(plan.batches) or plan.restated <= under_way


def forecast(plan: Plan) -> Forecast:
    """Return the forecast of a plan that `fits`, one call after the other."""
    return forecast_of(plan, Export(plan).calls())


def forecast_in_strides(plan: Plan) -> Forecast:
    """Return the same, many calls at once. Needs numpy."""
    from loadtests.planning.engines.undisturbed.stride_tally import StrideTally  # noqa: PLC0415
    from loadtests.planning.engines.undisturbed.strides import Strides  # noqa: PLC0415

    export, tally = Export(plan), StrideTally(plan)
    strides = Strides(plan, export, tally)
    while export.arrivals.next_at is not None:
        strides.go()
    return tally.forecast()
