"""A run as one HTML page that needs nothing else: no script, no asset, no network."""

from importlib.resources import files
from typing import Final

from contracts import __version__
from contracts.reports.markdown import text_and_command
from contracts.reports.run_report import (
    RunReport,
    label,
    needs_a_look,
    outcome_with_reason,
    purpose_beside_reasons,
    replay_line,
)

_TEMPLATE: Final = ("reports", "templates", "verdicts.html")


def html_page(report: RunReport) -> bytes:
    """Return the run as a page, in UTF-8."""
    from jinja2 import Environment  # noqa: PLC0415  the other formats need none

    source = files("contracts").joinpath(*_TEMPLATE).read_text("utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        source
    )
    page = template.render(
        report=report,
        failing=list(filter(needs_a_look, report.cases)),
        label=label,
        outcome_with_reason=outcome_with_reason,
        purpose_beside_reasons=purpose_beside_reasons,
        replay_line=replay_line,
        text_and_command=text_and_command,
        ended=report.ended.strftime("%Y-%m-%d %H:%M:%S UTC"),
        version=__version__,
    )
    return page.encode()
