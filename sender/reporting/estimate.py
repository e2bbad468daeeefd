"""When a lossless export will end: an estimate, with what it rests on. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sender.day_limit import DayLimit
from sender.text import instant_text

MINUTES_AT_ONCE = 10
LATEST = dt.datetime.max.replace(microsecond=0, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class ExpectedEnd:
    """When an export will end, if every call succeeds; if none is at work: if it is resumed now.

    Attributes:
        at: when, UTC; the end of the year 9999 also stands for any later instant.
        messages_left: messages that are pending, and those that unread rows will make.
        rows_are_known: whether the number of unread rows is known; otherwise none is counted.
        calls_per_minute: the rate; None: as fast as the connections allow, so that it takes no
            time here.
        calls_per_day: the most calls in any day; None: no limit.
        calls_left: how many of them may still be made now; None: any number.
    """

    at: dt.datetime
    messages_left: int
    rows_are_known: bool
    calls_per_minute: float | None
    calls_per_day: int | None
    calls_left: int | None

    def to_mapping(self) -> dict[str, Any]:
        """Return the estimate as a JSON object with camelCase keys."""
        return {
            "at": instant_text(self.at),
            "messagesLeft": self.messages_left,
            "rowsAreKnown": self.rows_are_known,
            "callsPerMinute": self.calls_per_minute,
            "callsPerDay": self.calls_per_day,
            "callsLeft": self.calls_left,
        }

    def basis(self) -> str:
        """Return in words what the estimate rests on."""
        parts = [f"about {self.messages_left:,} messages"]
        if not self.rows_are_known:
            parts.append("rows not read yet left out")
        if self.calls_per_minute is not None:
            parts.append(f"{self.calls_per_minute:,.6g} calls a minute")
        if self.calls_per_day is not None:
            parts.append(f"{self.calls_per_day:,} a day, {self.calls_left:,} of them left now")
        return ", ".join(parts)


def expected_end(
    messages_left: int,
    delivery: Mapping[str, Any],
    day: DayLimit,
    now: float,
    *,
    rows_are_known: bool,
) -> ExpectedEnd:
    """Estimate when an export will end.

    Args:
        messages_left: messages still to be sent.
        delivery: the delivery options that an outbox keeps.
        day: the calls of the day; it is used up.
        now: the current instant, in seconds since 1970.
        rows_are_known: whether the messages of unread rows are counted.
    """
    minute, left_now = delivery.get("callsPerMinute"), day.left(now)
    at = _end(messages_left, minute, day, now)
    return ExpectedEnd(
        LATEST if at >= LATEST.timestamp() else dt.datetime.fromtimestamp(at, dt.UTC),
        messages_left,
        rows_are_known,
        minute,
        day.calls_per_day,
        left_now,
    )


def _end(messages: int, calls_per_minute: float | None, day: DayLimit, now: float) -> float:
    """Send in thought: so many minutes at once, and on the next day when a day's calls are made."""
    at_once = messages
    if calls_per_minute is not None and day.calls_per_day is not None:
        at_once = max(1, int(calls_per_minute * MINUTES_AT_ONCE))
    while messages > 0 and now < LATEST.timestamp():
        now += day.wait_seconds(now)
        left = day.left(now)
        calls = min(messages, at_once) if left is None else min(messages, at_once, left)
        now += 0.0 if calls_per_minute is None else calls / calls_per_minute * 60.0
        day.sent(now, calls)
        messages -= calls
    return now
