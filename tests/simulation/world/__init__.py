"""The real sender and the real mock on one virtual clock, with faults and crashes.

``simulate(schedule)`` follows a schedule and says which invariant did not hold.

To hold a forecast against both sides, message by message, make a world yourself::

    with templates.folder() as folder:
        world = World(schedule, Path(folder), in_order=True, start_us=0)
        result = world.run()
    [(call.sent_us, call.message.seq, call.outcome) for call in world.calls]

``in_order`` has calls arrive at the instant at which they are sent, and what comes at one instant
in the order that forecasts assume: other clients' calls first, then the lower message number.
"""

import contextlib
import gc
import logging
from collections.abc import Iterator
from pathlib import Path

from mock_qualtrics.clock import VIRTUAL_START
from simulation.schedule import Result, Schedule
from simulation.world import templates
from simulation.world.world import Trace, World

__all__ = ["World", "simulate", "templates"]


def simulate(schedule: Schedule, trace: Trace | None = None) -> Result:
    """Follow a schedule; return what came of it.

    Args:
        schedule: the schedule; the same one gives the same trace.
        trace: takes one line an event.
    """
    with templates.folder() as folder, _without_gc(), _without_warnings():
        start_us = VIRTUAL_START + schedule.setup.begins_us
        return World(schedule, Path(folder), trace, start_us=start_us).run()


@contextlib.contextmanager
def _without_gc() -> Iterator[None]:
    """Look for cycles between two simulations only: it would take a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """Have the mock log nothing for as long: a full disk is no news here."""
    log = logging.getLogger("mock_qualtrics")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)
