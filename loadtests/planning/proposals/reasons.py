"""Why a plan loses messages, in words."""

from typing import Final

from loadtests.planning.outcome import Forecast

_CODES: Final = {
    "413": "too large (413)",
    "429": "refused by the limit a minute (429)",
    "500": "answered 500 until the last retry",
    "504": "without an answer until the last retry",
}


def why_lost(outcome: Forecast) -> str:
    """Return what loses messages in a forecast, most first; "nothing is lost" for none.

    Example: ``4,000 messages blocked by the daily cap, 2 too large (413)``.
    """
    losses = [
        (n, _CODES.get(code, f"answered {code}")) for code, n in outcome.dropped_by_code.items()
    ]
    losses.append((outcome.blocked_by_daily_cap, "blocked by the daily cap"))
    sorted_losses = sorted((loss for loss in losses if loss[0]), reverse=True)
    if not sorted_losses:
        return "nothing is lost"
    return ", ".join(f"{count:,} {why}" for count, why in sorted_losses)
