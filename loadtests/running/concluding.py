"""What a run came to, once it has ended: read, judged, and written where it was asked for."""

import logging
import sys
import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from contracts.control_client import Document
from contracts.control_explanations import explanation
from contracts.errors import ControlError, UnwritableReportError
from contracts.reports.files import write_whole
from contracts.settling import wait_until_settled
from loadtests.planning import Forecast, PlanError
from loadtests.reconciling import (
    JournalFacts,
    Mock,
    RunToRead,
    SeenCalls,
    balance,
    read_journal,
)
from loadtests.report import (
    LoadResult,
    ShareOfRun,
    result_json,
    result_junit,
    result_page,
    result_table,
)
from loadtests.running.coordinating import Coordinator
from loadtests.running.expected import compared, forecast_of
from loadtests.running.options.run_options import Options
from loadtests.running.preflight import Target
from loadtests.trace_ids import TraceIds
from loadtests.verdicts import Figures, Verdict, VerdictKind, generator_reasons, judged, verdict_of
from sender.dataflow.trigger_url import redacted_url

_REPORTS: Final[Mapping[str, Callable[[LoadResult], bytes]]] = {
    "--report": result_page,
    "--report-json": lambda result: result_json(result).encode(),
    "--report-junit": result_junit,
}
_OF_A_CUT_RUN: Final = (
    "the forecast is of the whole workload, and what was still to be tried again counts as lost"
)
_log = logging.getLogger("loadtests")
_MICROSECONDS: Final = 1_000_000


def conclude(coordinator: Coordinator, target: Target, command: str) -> Verdict:
    """Print a run's result, write its reports, and return what it came to.

    Args:
        coordinator: a run that has ended.
        target: what it loaded.
        command: what repeats it.
    """
    result = _Conclusion(coordinator, target).result(command)
    sys.stdout.write(result_table(result))
    sys.stdout.flush()
    try:
        _write_reports(result, coordinator.options.reports)
    except UnwritableReportError as error:
        _log.error("%s: the verdict above is in no report", error)
        return Verdict(VerdictKind.BROKEN, (str(error),))
    return result.verdict


def _write_reports(result: LoadResult, paths: Mapping[str, str]) -> None:
    for option, path in paths.items():
        write_whole(path, _REPORTS[option](result))


class _Conclusion:
    """Puts a result together.

    Args:
        coordinator: a run that has ended.
        target: what it loaded.
    """

    def __init__(self, coordinator: Coordinator, target: Target) -> None:
        self._course, self._options = coordinator.course, coordinator.options
        self._target = target
        self._failures = list(self._course.failures)
        cut = self._course.cut
        ended = f"the run ended after {self._course.seconds:,.1f} s because {cut}"
        self._notes = [f"{ended}: {_OF_A_CUT_RUN}"] if cut else []

    def result(self, command: str) -> LoadResult:
        """Return what the run came to."""
        options, course = self._options, self._course
        journal, tenant = self._asked_of_the_mock()
        found = judged(options.thresholds, Figures(course.measurements.counted, journal))
        expected = self._forecast(tenant)
        totals = journal.totals if journal else None
        partial = LoadResult(
            verdict=Verdict(VerdictKind.PASSED),
            judged=found,
            workload=options.workload,
            settings=settings_of(options, self._target.url, len(course.workers)),
            command=command,
            begun_at=course.begun_at,
            seconds=course.seconds,
            measured=course.measurements,
            journal=journal,
            balance=balance(journal, SeenCalls.of(course.measurements)) if journal else (),
            forecast=expected,
            comparison=None
            if expected is None
            else compared(expected, course.measurements, totals),
            shares=tuple(self._shares(journal)),
            notes=(*self._notes, *(journal.notes if journal else ())),
        )
        return replace(partial, verdict=self._verdict(partial))

    def _forecast(self, tenant: Document | None) -> Forecast | None:
        try:
            return forecast_of(self._options, tenant)
        except PlanError as error:
            self._notes.append(f"the planner cannot forecast this: {error}")
            return None

    def _shares(self, journal: JournalFacts | None) -> Iterator[ShareOfRun]:
        workers = self._course.workers
        for index, worker in workers.items():
            known = journal.calls_of_worker(index, len(workers)) if journal else None
            yield ShareOfRun(index, worker.calls, known, worker.is_lost)

    def _asked_of_the_mock(self) -> tuple[JournalFacts | None, Document | None]:
        mock = self._target.mock
        if mock is None or not self._course.workers:
            return None, None
        try:
            return self._journal(mock), mock.control.tenant(mock.tenant_id)
        except ControlError as error:
            why = explanation(error, has_token=True, takes_file=False)
            self._failures.append(f"the mock's journal cannot be read: {why}")
            return None, None

    def _journal(self, mock: Mock) -> JournalFacts:
        course, seconds = self._course, self._options.settle_seconds
        workers = course.workers.values()  # in the order of their shares
        if not wait_until_settled(mock.control, mock.tenant_id, seconds, time.monotonic):
            self._notes.append(
                f"runs were still pending {seconds:g} s after the last call: what became of them "
                "is in no figure (--settle-seconds)"
            )
        run = RunToRead(
            traces=TraceIds(course.run_id),
            arrivals_us=array("q", self._options.workload.instants()),
            begun_at=course.begun_at,
            totals_before=course.totals_before or {},
            sent_by_share=[each.messages for each in workers] if course.cut else None,
            behind_us=[worker.behind_us or 0 for worker in workers],
            warm_up_us=round(self._options.warm_up_seconds * _MICROSECONDS),
            bin_us=course.measurements.timeline.width_us,
        )
        return read_journal(mock, run)

    def _verdict(self, result: LoadResult) -> Verdict:
        """Return the verdict; counts that do not agree are a broken run, and no verdict at all."""
        failures = list(self._failures)
        if not (result.measured.calls or failures or self._course.interrupted):
            failures.append("the run was stopped before anything was sent")
        if not (result.is_balanced or failures):
            failures.append("the generator's counts and the mock's journal do not agree: see there")
        return verdict_of(
            failures=failures,
            generator=generator_reasons(result.measured, self._options.limits),
            interrupted=self._course.interrupted,
            judged=result.judged,
            lost=result.lost,
        )


def settings_of(options: Options, url: str, workers: int) -> list[tuple[str, str]]:
    """Return what was asked for beside the workload, in rows; nothing of it is secret."""
    retries = ", ".join(f"{seconds:g} s" for seconds in options.retry_seconds) or "none"
    return [
        ("Target", redacted_url(url)),
        ("Retry policy", f"{options.policy.name}; retries after the first failure: {retries}"),
        ("Seed", str(options.workload.seed)),
        ("Dataflow", options.dataflow.name),
        ("Processes that sent", str(workers)),
        ("Calls in flight at most", f"{options.users:,}"),
        ("Warm-up", f"{options.warm_up_seconds:g} s"),
    ]
