"""The closed formula of docs/planning.md: what a fixed window delivers, without chance.

It counts with the boundaries of windows and looks at no single message, so it shares nothing with
the planner, which it is there to check. It is for one batch, and holds as long as the last retry
comes no later than one window after the first try, with the latency counted: then nobody is tried
in more than two windows.
"""

import bisect
import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

SECOND = 1_000_000


class Delivered(NamedTuple):
    """What becomes of a batch.

    Attributes:
        by_try: how many messages each try delivered, the first try first.
        dropped: how many no try delivered.
        by_window: how many each window admitted.
    """

    by_try: tuple[int, ...]
    dropped: int
    by_window: tuple[int, ...]


class Stream(NamedTuple):
    """The calls of one window that are the same try: those of the messages first up to end."""

    place: int
    after: int
    first: int
    end: int


def delivered(
    profiles: int,
    rate: float,
    limit: int,
    retry_after: Sequence[float] = (15.0, 30.0),
    window_seconds: int = 60,
    latency_seconds: float = 0.0,
) -> Delivered:
    """Return what a fixed window delivers of messages that arrive evenly, at a rate a second.

    Raises:
        ValueError: a retry may come in the third window of a message.
    """
    span = window_seconds * SECOND
    offsets = tries_after(retry_after, round(latency_seconds * SECOND))
    if offsets[-1] > span:
        raise ValueError(f"the last retry is due after {offsets[-1]} µs, the window has {span}")
    arrived = arrivals_before(profiles, rate)
    by_try = [0] * len(offsets)
    by_window = []
    refused_from = 0  # the first message that the window before refused at its first try
    for start in itertools.count(0, span):
        if arrived(start - offsets[-1]) == profiles:  # the last try of the last message is over
            break
        streams = _streams(arrived, offsets, start, span, refused_from)
        admitted = _admitted(arrived, streams, limit, start + span)
        for stream, count in zip(streams, admitted, strict=True):
            by_try[stream.place] += count
        by_window.append(sum(admitted))
        refused_from = streams[0].first + admitted[0]
    return Delivered(tuple(by_try), profiles - sum(by_try), tuple(by_window))


def tries_after(retry_after: Sequence[float], latency_us: int) -> list[int]:
    """Return how many microseconds after the first try each is made: after the last answer."""
    offsets = [0]
    for after in retry_after:
        offsets.append(latency_us + max(round(after * SECOND), offsets[-1]))
    return offsets


def arrivals_before(profiles: int, rate: float) -> Callable[[int], int]:
    """Return A of the formula: how many messages have arrived before an instant."""

    def arrives_at(number: int) -> int:
        return round(number * SECOND / rate)

    def before(instant: int) -> int:
        return bisect.bisect_left(range(profiles), instant, key=arrives_at)

    return before


def _streams(
    arrived: Callable[[int], int], offsets: Sequence[int], start: int, span: int, refused_from: int
) -> list[Stream]:
    """Return the calls that can still find room: of each message, the first in this window."""
    streams = [Stream(0, 0, arrived(start), arrived(start + span))]
    for place, (before, after) in enumerate(itertools.pairwise(offsets), 1):
        end = arrived(start - before)
        first = min(max(refused_from, arrived(start - after)), end)
        streams.append(Stream(place, after, first, end))
    return streams


def _admitted(
    arrived: Callable[[int], int], streams: Sequence[Stream], limit: int, window_end: int
) -> list[int]:
    """Return how many of each stream are among the first calls of the window, up to the limit."""

    def counts(instant: int) -> list[int]:
        return [
            min(max(arrived(instant - each.after), each.first), each.end) - each.first
            for each in streams
        ]

    instants = range(window_end + 1)
    # The last instant before which there are not too many; at it, the lower number goes first.
    full_at = bisect.bisect_right(instants, limit, key=lambda instant: sum(counts(instant))) - 1
    admitted, at_once = counts(full_at), counts(min(full_at + 1, window_end))
    left = limit - sum(admitted)
    for place in reversed(range(len(streams))):  # the later the try, the lower the numbers
        more = min(left, at_once[place] - admitted[place])
        admitted[place] += more
        left -= more
    return admitted
