"""The forecast of a plan, by an engine that fits it. Pure."""

from dataclasses import replace
from importlib.util import find_spec
from typing import Literal

from contracts.extras import missing_extra
from loadtests.planning import judging
from loadtests.planning.engines.chosen import calls_of
from loadtests.planning.engines.tally import forecast_of
from loadtests.planning.engines.undisturbed import engine as undisturbed
from loadtests.planning.outcome import Band, Forecast
from loadtests.planning.plan import Plan, PlanError

Engine = Literal["auto", "exact", "fast"]
FAST_FROM_MESSAGES = 5_000  # fewer take no longer one by one than numpy takes to be imported
MOST_SEEDS = 1_000_000


def forecast(plan: Plan, engine: Engine = "auto") -> Forecast:
    """Say what becomes of the messages of a plan.

    Args:
        plan: the plan.
        engine: ``exact`` makes every call in its order; ``fast`` many at once, which comes to the
            same; ``auto`` chooses. Where the fast one does not fit (chance, answers after the
            timeout, a lossless policy beside other clients) the exact one is taken.

    Raises:
        PlanError: the engine is unknown, or the fast one is asked for and numpy is missing, which
            comes with the extra ``load``.

    Example:
        >>> from loadtests.planning import Plan, forecast
        >>> forecast(Plan(profiles=10_000, arrival_rate=1_000.0)).delivered_by_try
        (3000, 0, 0)
    """
    judging.check_choice("engine", engine, ("auto", "exact", "fast"))
    if engine == "fast" or (engine == "auto" and plan.messages >= FAST_FROM_MESSAGES):
        found = _by_the_fast_engine(plan, is_asked_for=engine == "fast")
        if found is not None:
            return found
    if engine != "exact" and undisturbed.fits(plan):
        return undisturbed.forecast(plan)
    return forecast_of(plan, calls_of(plan))


def forecast_band(plan: Plan, seeds: int, engine: Engine = "auto") -> Band:
    """Say what becomes of the messages of a plan over many seeds: the plan's, and those after it.

    Without chance every seed comes to the same, and one forecast is made. With it and with numpy,
    the seeds are forecast side by side; each comes to what the exact engine says. Without numpy a
    million messages take a second or more for each seed.

    Args:
        plan: the plan.
        seeds: how many.
        engine: as in :func:`forecast`.

    Raises:
        PlanError: a value is impossible.
    """
    judging.check_whole("seeds", seeds, 1, MOST_SEEDS)
    judging.check_whole("seed", plan.seed + seeds - 1, 0, judging.HIGHEST_SEED)
    if not plan.has_chance:
        band = Band.of(plan, [forecast(plan, engine)])
        return replace(band, seeds=seeds)
    is_asked_for = engine == "fast"
    if is_asked_for or (engine == "auto" and seeds * plan.messages >= FAST_FROM_MESSAGES):
        found = _band_by_the_fast_engine(plan, seeds, is_asked_for=is_asked_for)
        if found is not None:
            return found
    each = (replace(plan, seed=plan.seed + offset) for offset in range(seeds))
    return Band.of(plan, (forecast(one, engine) for one in each))


def _by_the_fast_engine(plan: Plan, *, is_asked_for: bool) -> Forecast | None:
    """Return its forecast; None when numpy is missing, or it does not fit."""
    if not _has_numpy(is_asked_for=is_asked_for):
        return None
    from loadtests.planning.engines import fast  # noqa: PLC0415  numpy is an extra

    if fast.fits(plan):
        return fast.forecast(plan)
    return undisturbed.forecast_in_strides(plan) if undisturbed.fits(plan) else None


def _band_by_the_fast_engine(plan: Plan, seeds: int, *, is_asked_for: bool) -> Band | None:
    """Return its band; None when numpy is missing, or it does not fit."""
    if not _has_numpy(is_asked_for=is_asked_for):
        return None
    from loadtests.planning.engines import fast_seeds  # noqa: PLC0415  numpy is an extra

    return fast_seeds.band(plan, seeds) if fast_seeds.fits(plan) else None


def _has_numpy(*, is_asked_for: bool) -> bool:
    if find_spec("numpy") is not None:
        return True
    if is_asked_for:
        raise PlanError(missing_extra("the fast engine needs", "numpy", "load"))
    return False
