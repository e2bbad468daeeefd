"""The options of ``plan`` that ask for more than the forecast: what to do, how right it was."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import click

from contracts.documents import STANDARD_INPUT, Document, read_documents
from contracts.errors import UnreadableFileError, UnwritableReportError
from contracts.option_numbers import Finite
from contracts.option_values import collected
from contracts.reports.files import write_whole
from contracts.terminal import printable
from loadtests.commands.output import plan_chart
from loadtests.commands.plan_results import Result
from loadtests.planning import Forecast, Plan
from loadtests.planning.against import ReportError, compare
from loadtests.planning.comparison import Comparison
from loadtests.planning.forecasting import Engine
from loadtests.planning.proposals import (
    Goal,
    Kind,
    LosslessProposal,
    check_can_be_found,
    find,
    propose,
)
from sender.commands.shared import errors_and_exit

_KINDS: Final = ("limit", "batch", "schedule")


class Search(NamedTuple):
    """How proposals are looked for.

    Attributes:
        goal: how much may be lost, of what is asked for.
        engine: which engine simulates.
        tell: called with a number before each simulation.
    """

    goal: Goal
    engine: Engine
    tell: Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The values of the options.

    Attributes:
        find: what is looked for; None: all proposals are made.
        against: the file of what a run did.
        chart: the file that gets the chart.
        html: the file that gets the page.
        loss_at_most: the share of the messages that may be lost.
    """

    find: Kind | None = None
    against: str | None = None
    chart: str | None = None
    html: str | None = None
    loss_at_most: float | None = None

    @property
    def threshold(self) -> float | None:
        """The share of a plan's own loss above which the command fails; None: there is none."""
        return self.loss_at_most if self.find is None else None

    def check(self, plans: Sequence[Plan], given: Sequence[str]) -> None:
        """Look, before anything is read or computed, whether all of it can be had.

        Args:
            plans: what is planned, as far as nothing was read.
            given: the files that the command is given to read.

        Raises:
            click.UsageError: a file cannot be written or read, or the extra is missing.
            PlanError: the policy loses nothing, so that nothing can be looked for.
        """
        if self.against == STANDARD_INPUT and STANDARD_INPUT in given:
            raise click.UsageError("--against - with PROFILES -: standard input can be read once")
        read = given if self.against is None else [*given, self.against]
        plan_chart.check_files(self.chart, self.html, read)
        if self.find is not None:
            for plan in plans:
                check_can_be_found(self.find, plan)

    def run(self, plan: Plan) -> object:
        """Return what a run did; None when there is nothing to compare with.

        Args:
            plan: any, for the figures are judged before a forecast is made.

        Raises:
            click.UsageError: the file cannot be read, or has no figures that can be compared.
        """
        if self.against is None:
            return None
        run = self._read(self.against)
        self._compared(Forecast(plan=plan, messages=0, delivered_by_try=(0, 0, 0)), run)
        return run

    def _read(self, path: str) -> object:
        stdin = sys.stdin.buffer
        try:
            documents = list(read_documents(path, stdin))
        except UnreadableFileError as error:
            raise click.UsageError(printable(f"--against {error}")) from None
        broken = next((each for each in documents if not isinstance(each, Document)), None)
        if broken is not None:
            raise click.UsageError(printable(f"--against {broken}"))
        if len(documents) != 1:
            raise click.UsageError(
                printable(f"--against {path}: found {len(documents)} documents, expected 1")
            )
        (document,) = documents
        return document.value if isinstance(document, Document) else None

    def completed(
        self, result: Result, run: object, search: Search, lossless: LosslessProposal | None = None
    ) -> Result:
        """Return a result with the proposals and the comparison that go with it.

        Args:
            result: the forecast of one plan.
            run: what a run did.
            search: how it is looked for.
            lossless: what was proposed at a lower arrival rate, if that holds at higher ones.
        """
        if self.against is not None:
            result = replace(result, comparison=self._compared(result.forecast, run))
        if self.find is not None:
            asked = find(self.find, result.plan, search.goal, search.engine, search.tell)
            return replace(result, asked=asked)
        proposals = propose(result.forecast, search.engine, search.tell, lossless)
        return replace(result, proposals=proposals)

    def _compared(self, forecast: Forecast, run: object) -> Comparison:
        try:
            return compare(forecast, run)
        except ReportError as error:
            raise click.UsageError(printable(f"--against {self.against}: {error}")) from None

    def write(self, results: Sequence[Result], command: str, *, by_rate: bool) -> bool:
        """Write the chart and the page; tell what could not be written.

        Does not raise: all is computed, and has to be printed.

        Args:
            results: one, or one for each arrival rate.
            command: what makes the page again.
            by_rate: whether no arrival rate was given.

        Returns:
            whether everything that was asked for is written.
        """
        written = True
        if self.chart is not None:
            content = plan_chart.chart(self.chart, [result.forecast for result in results])
            written = _write(self.chart, content)
        if self.html is not None:
            from loadtests.commands.output.plan_page import plan_page  # noqa: PLC0415  jinja2

            written = _write(self.html, plan_page(results, command, by_rate=by_rate)) and written
        return written


def _write(path: str, content: bytes) -> bool:
    try:
        write_whole(path, content)
    except UnwritableReportError as error:
        errors_and_exit.tell(f"error: {error}")
        return False
    return True


_OPTIONS: Final = (
    click.option(
        "--loss-at-most",
        type=Finite(0, 1),
        metavar="SHARE",
        help="Exit with 4 if a greater share of the messages is lost, 0 to 1: dropped, uncertain, "
        "pending or blocked. Of many seeds that of 95 % of them counts.",
    ),
    click.option(
        "--find",
        type=click.Choice(_KINDS),
        help="The inverse question: the smallest limit, the largest batch or the retry schedule "
        "with which no more than --loss-at-most is lost, by default nothing; exits with 4 if there "
        "is none.",
    ),
    click.option(
        "--against",
        metavar="REPORT",
        help="Hold the forecast against what a run did: a report of `qualtrics-sender export "
        "--report`, a mock's totals, or figures of Adobe's page of a dataflow run, typed in as "
        "JSON or TOML under the same names; - reads JSON from standard input.",
    ),
    click.option(
        "--chart",
        metavar="FILE",
        help="Draw arrivals, accepted, refused and dropped calls over time against the limit, as "
        ".png, .svg or .html (extra load).",
    ),
    click.option(
        "--html", metavar="FILE", help="Write all of it as one HTML page that needs nothing else."
    ),
)
wanted_options = collected(Wanted, "wanted", _OPTIONS)
"""Add the options; the command receives them as the argument ``wanted``."""
