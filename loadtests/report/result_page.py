"""A load test as one HTML page that needs nothing else."""

from typing import Final

from contracts.extras import missing_extra
from loadtests import charts
from loadtests.page import rendered
from loadtests.report.load_charts import inline_svg
from loadtests.report.load_result import LoadResult
from loadtests.report.panels import panels_of
from loadtests.report.result_rows import (
    balance_rows,
    figure_rows,
    generator_rows,
    lost_sentence,
    threshold_rows,
)

_TEMPLATE: Final = ("report", "templates", "load.html")


def result_page(result: LoadResult) -> bytes:
    """Return the page, in UTF-8: the same result gives the same bytes."""
    return rendered(
        _TEMPLATE,
        verdict=result.verdict,
        lost=lost_sentence(result),
        thresholds=threshold_rows(result),
        settings=[*result.workload.described(), *result.settings],
        begun=result.begun_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        seconds=f"{result.seconds:,.1f} s",
        command=result.command,
        chart=inline_svg(panels_of(result)) if charts.is_installed() else "",
        without_chart=missing_extra("a chart needs", "matplotlib", "load"),
        figures=list(figure_rows(result)),
        balance=balance_rows(result.balance),
        comparison=_compared(result),
        generator=list(generator_rows(result)),
        notes=result.notes,
    )


def _compared(result: LoadResult) -> list[tuple[str, str, str, str]]:
    if result.comparison is None:
        return []
    return [
        (each.name, _number(each.forecast), _number(each.actual), f"{each.difference:+,.6g}")
        for each in result.comparison.figures
    ]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
