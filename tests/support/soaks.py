"""What a soak saw, made up."""

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

from loadtests.report.result_json import to_mapping
from loadtests.soak.observed import Ending, Observed
from loadtests.soak.samples import Sample
from loadtests.soak.soak_plan import SoakPlan, soak_plan
from loadtests.verdicts import VerdictKind
from support.load_results import load_result

MEGABYTE = 1_000_000
FLAT = Sample(
    resident_bytes=80 * MEGABYTE,
    threads=6,
    descriptors=40,
    store_bytes=MEGABYTE,
    log_bytes=4 * MEGABYTE,
    processor_seconds=1.0,
    answer_ms=2.0,
    received=1_000,
    page_fetches=0,
)


def load(seconds: float, latency_ms: float = 5.0, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  any key
    """Return one tenant's load test as JSON: all well, and flat."""
    percentiles = dict.fromkeys(("p50", "p95"), [latency_ms] * int(seconds))
    over_time = {"binSeconds": 1.0, "latencyMs": percentiles}
    well = {"lost": 0, "overTime": over_time}
    return _passed() | well | changes


@cache
def _passed() -> dict[str, Any]:
    return to_mapping(load_result(VerdictKind.PASSED))


def soak(
    minutes: float = 10.0,
    change: Callable[[int, Sample], Sample] | None = None,
    **changes: Any,  # noqa: ANN401  any field
) -> Observed:
    """Return a soak in which all is well, but for a change of each sample by its place."""
    plan = soak_plan(minutes)
    values: dict[str, Any] = {
        "plan": plan,
        "begun_at": dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        "samples": tuple(_samples(plan, change)),
        "results": {tenant.name: load(plan.seconds) for tenant in plan.tenants},
        "ending": Ending(answered=True, exit_code=0, seconds=0.4),
        "left": (),
    }
    return Observed(**values | changes)


def _samples(plan: SoakPlan, change: Callable[[int, Sample], Sample] | None) -> list[Sample]:
    flat = [_flat(place) for place in range(plan.looks)]
    return [change(place, its) for place, its in enumerate(flat)] if change else flat


def _flat(place: int) -> Sample:
    """Return a look that found as much as the first one, for each of the calls until then."""
    return FLAT._replace(
        page_fetches=place,
        received=FLAT.received * (place + 1),
        store_bytes=FLAT.store_bytes * (place + 1),
        processor_seconds=FLAT.processor_seconds * (place + 1),
    )
