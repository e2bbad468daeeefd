"""``qualtrics-load plan``: what a planned export delivers, drops, doubles and has blocked."""

import contextlib
import dataclasses
import sys
from collections.abc import Iterable, Iterator, Sequence

import click

from contracts.counts import counted
from contracts.option_numbers import Integer
from loadtests.commands.plan_json import document
from loadtests.commands.plan_options import (
    PlanOptions,
    plan_options,
    plans_of,
    shown_as_usage_error,
)
from loadtests.commands.plan_profiles import ProfileOptions, messages_of, profile_options
from loadtests.commands.plan_results import Reading, Result, result_of
from loadtests.commands.plan_table import print_results
from loadtests.commands.plan_wanted import Search, Wanted, wanted_options
from loadtests.commands.typed_again import typed_again
from loadtests.commands.working import working
from loadtests.planning import Plan
from loadtests.planning.forecasting import MOST_SEEDS, Engine
from loadtests.planning.judging import plain
from loadtests.planning.proposals import Goal, LosslessProposal, outruns_the_pace
from sender.commands.shared import common_options, errors_and_exit

EXIT_MISSED = 4


@click.command(
    "plan", epilog="Example: qualtrics-load plan --profiles 1_000_000 --arrival-rate 1000"
)
@profile_options
@plan_options
@wanted_options
@click.option(
    "--seeds",
    type=Integer(1, MOST_SEEDS),
    metavar="K",
    default=1,
    show_default=True,
    help="How many seeds, from --seed on: each figure with the band of 5 % to 95 % of them.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "exact", "fast"]),
    default="auto",
    show_default=True,
    help="exact makes every call in its order; fast makes many at once (extra load).",
)
@common_options.json_option
def plan_command(
    sources: ProfileOptions,
    options: PlanOptions,
    wanted: Wanted,
    *,
    seeds: int,
    engine: Engine,
    as_json: bool,
) -> None:
    """Say what an export would deliver, drop, double and have blocked; nothing is sent.

    Either --profiles says how many messages there are, or --dataflow and PROFILES are read: .jsonl,
    .json, .csv or .parquet files, or - for standard input; what is excluded and what is over the
    payload limit is then counted as an export does. Exit code: 0 computed, whatever is lost; 1 a
    row of PROFILES is broken; 2 wrong usage or a broken file, nothing was computed; 3 interrupted;
    4 more is lost than --loss-at-most, or --find found nothing.
    """
    with errors_and_exit.reported_errors():
        sources.check()
        supposed = plans_of(options, sources.supposed())  # a wrong option costs no reading
        with shown_as_usage_error():
            wanted.check(supposed, sources.read())
            goal = Goal(loss_at_most=wanted.loss_at_most or 0.0, seeds=seeds)
        run = wanted.run(supposed[0])
        for note in without_effect(options, seeds):
            errors_and_exit.tell(f"note: {note}")
        messages, reading = messages_of(sources)
        plans = plans_of(exported_again(options, reading), messages)
        with shown_as_usage_error():
            found = _results(plans, reading, seeds, engine)
            results = list(_completed(found, wanted, run, goal, engine))
        by_rate = options.arrival_rate is None
        command = typed_again(click.get_current_context())
        written = wanted.write(results, command, by_rate=by_rate)  # before a closed output ends it
        if as_json:
            errors_and_exit.print_json(document(results, by_rate=by_rate))
        else:
            print_results(results, by_rate=by_rate)
    sys.exit(
        exit_code(results, wanted.threshold) or (0 if written else errors_and_exit.EXIT_FAILED)
    )


def _results(
    plans: Sequence[Plan], reading: Reading, seeds: int, engine: Engine
) -> Iterator[Result]:
    for plan in plans:
        what = (
            f"simulating {counted(plan.messages, 'message')} at {plain(plan.arrival_rate)} a second"
        )
        many = f" with {seeds:,} seeds" if seeds > 1 else ""
        with _working_on(what + many):
            yield result_of(plan, reading, seeds, engine)


def _completed(
    results: Iterable[Result], wanted: Wanted, run: object, goal: Goal, engine: Engine
) -> Iterator[Result]:
    """Yield results with what to do about them, telling how many forecasts that took so far."""
    made = 0

    def tell(number: int) -> None:
        nonlocal made
        made = number

    lossless = None
    for result in results:
        with working(lambda: f"looking for what to do: {counted(made, 'forecast')}"):
            completed = wanted.completed(result, run, Search(goal, engine, tell), lossless)
        proposed = completed.proposals.get("lossless")
        if isinstance(proposed, LosslessProposal) and outruns_the_pace(result.plan):
            lossless = proposed
        yield completed


def _working_on(what: str) -> contextlib.AbstractContextManager[None]:
    return working(lambda: what)


def exported_again(options: PlanOptions, reading: Reading) -> PlanOptions:
    """Return the options, without restated values where the dataflow exports none (A-EXP-1)."""
    if reading.restates or not options.restated_daily:
        return options
    errors_and_exit.tell(
        "note: the dataflow exports no restated value: its trigger attribute_changes is off, or it "
        "maps no attribute; so --restated-daily exports nothing"
    )
    return dataclasses.replace(options, restated_daily=0.0)


def without_effect(options: PlanOptions, seeds: int) -> Iterator[str]:
    """Yield which options change nothing, because another one is missing."""
    if options.days > 1 and not options.restated_daily:
        yield f"--days {options.days} without --restated-daily: the later days export nothing"
    if seeds > 1 and not options.fault_ratio + options.lost_ratio:
        yield (
            f"--seeds {seeds:,} without --fault-ratio or --lost-ratio: nothing is left to chance, "
            "and each seed comes to the same"
        )


def exit_code(results: Sequence[Result], loss_at_most: float | None) -> int:
    """Return 4 if any plan loses too much or nothing was found, else 1 for broken rows, else 0."""
    if any(result.asked is not None and not result.asked.found for result in results):
        return EXIT_MISSED
    if loss_at_most is not None and any(
        result.judged_loss_share > loss_at_most for result in results
    ):
        return EXIT_MISSED
    return errors_and_exit.EXIT_FAILED if any(each.reading.broken for each in results) else 0
