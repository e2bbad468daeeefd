"""A readable trace of a simulation: one line an event, the same for the same seed."""

_DAY_US, _SECOND_US = 86_400_000_000, 1_000_000
MOST_SHOWN = 240
"""Characters of a line that people are shown; an export's rows are kilobytes of JSON."""


def line(at_us: int, side: str, what: str) -> str:
    r"""Return the line of one event.

    Args:
        at_us: the virtual instant, in microseconds after the start.
        side: where it happened: sender, mock, network, world.
        what: what happened, in one line.

    Example:
        >>> line(90_061_000_250, "mock", "accepted message 3")
        '1d 01:01:01.000250 mock    accepted message 3'
    """
    days, rest_us = divmod(at_us, _DAY_US)
    seconds, micros = divmod(rest_us, _SECOND_US)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{micros:06}"
    return f"{days}d {clock} {side:<7} {what}"


def shortened(text: str) -> str:
    """Return a text with each of its lines cut to what people are shown.

    Example:
        >>> len(shortened("export " + 1_000 * "x"))
        240
    """
    return "\n".join(
        each if len(each) <= MOST_SHOWN else each[: MOST_SHOWN - 1] + "…"
        for each in text.split("\n")
    )
