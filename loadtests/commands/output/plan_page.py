"""A plan as one HTML page that needs nothing else: no script, no asset, no network."""

from collections.abc import Sequence
from typing import Final

from contracts.extras import missing_extra
from loadtests.commands import plan_table
from loadtests.commands.output import against_table
from loadtests.commands.output.plan_advice import ADVICE, advice_heading, advice_rows
from loadtests.commands.output.plan_chart import drawn_for_a_page
from loadtests.commands.output.plan_inputs import input_rows
from loadtests.commands.output.plan_sentences import sentences
from loadtests.commands.plan_results import Result
from loadtests.page import rendered

_TEMPLATE: Final = ("commands", "output", "templates", "plan.html")


def plan_page(results: Sequence[Result], command: str, *, by_rate: bool) -> bytes:
    """Return the page, in UTF-8.

    Args:
        results: one, or one for each arrival rate.
        command: what makes the page again.
        by_rate: whether no arrival rate was given.
    """
    return rendered(
        _TEMPLATE,
        title=_title(results),
        inputs=input_rows(results),
        command=command,
        columns=[result.heading for result in results],
        rows=list(plan_table.rows_of(results)),
        sentences=list(sentences(results, by_rate=by_rate)),
        chart=drawn_for_a_page([result.forecast for result in results]),
        without_chart=missing_extra("a chart needs", "matplotlib", "load"),
        advice=[(result.heading, advice_rows(result.advice)) for result in results],
        advice_heading=advice_heading(results[0]),
        advice_columns=ADVICE,
        comparisons=[(each.heading, each.comparison) for each in results],
        against=against_table,
        assumptions=plan_table.assumptions(results),
    )


def _title(results: Sequence[Result]) -> str:
    plan = results[0].plan
    return f"{results[0].reading.profiles:,} profiles, {plan.policy.name}: what to expect"
