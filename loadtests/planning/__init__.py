"""Know before activating: what a planned export delivers, drops, doubles and has blocked.

Pure: values in, values out.

Example:
    >>> from loadtests.planning import Plan, forecast
    >>> result = forecast(Plan(profiles=10_000, arrival_rate=1_000.0))
    >>> result.delivered, result.dropped
    (3000, 7000)
"""

from loadtests.planning.assumptions import Assumption, assumptions_of
from loadtests.planning.by_message import Attempt, MessageForecast, forecast_messages
from loadtests.planning.forecasting import forecast, forecast_band
from loadtests.planning.outcome import Band, Forecast, Spread, Timeline
from loadtests.planning.plan import Batch, Plan, PlanError

__all__ = [
    "Assumption",
    "Attempt",
    "Band",
    "Batch",
    "Forecast",
    "MessageForecast",
    "Plan",
    "PlanError",
    "Spread",
    "Timeline",
    "assumptions_of",
    "forecast",
    "forecast_band",
    "forecast_messages",
]
