"""What a soak saw: values only. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loadtests.soak.samples import Sample
from loadtests.soak.soak_plan import SoakPlan


@dataclass(frozen=True, slots=True)
class Ending:
    """How the mock ended.

    Attributes:
        answered: whether it still answered before.
        exit_code: below zero: it had to be killed, or a signal ended it.
        seconds: how long it took from SIGTERM.
    """

    answered: bool
    exit_code: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a soak saw.

    Attributes:
        plan: what was to happen.
        begun_at: when messages began to arrive, in UTC.
        samples: what each look at the mock found, evenly spaced; None: there was none.
        results: each tenant's load test as JSON, by name; None: it left none.
        ending: how the mock ended.
        left: what of what was started still ran at the end, by its command.
    """

    plan: SoakPlan
    begun_at: dt.datetime
    samples: tuple[Sample | None, ...]
    results: Mapping[str, Mapping[str, Any] | None]
    ending: Ending
    left: tuple[str, ...]
