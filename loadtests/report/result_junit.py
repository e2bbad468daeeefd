"""A load test as JUnit XML: a case for each threshold, and one for the reconciliation."""

from collections.abc import Iterator

from contracts.reports.files import rendered
from contracts.reports.run_report import run_report
from contracts.verdicts import Outcome, Verdict, Verdicts
from loadtests.report.load_result import LoadResult
from loadtests.report.result_rows import balance_rows, lost_sentence
from loadtests.verdicts import VerdictKind


def result_junit(result: LoadResult) -> bytes:
    """Return it in UTF-8; a run without a valid verdict is an error, not a failure."""
    ended_by = "" if result.verdict.is_valid else _why(result)
    if result.verdict.kind is VerdictKind.INTERRUPTED:
        ended_by = result.verdict.heading
    verdicts = Verdicts(f"{result.workload.kind} workload", tuple(_cases(result)))
    report = run_report(
        "load test", verdicts, result.begun_at, result.seconds, ended_by, program="locust"
    )
    return rendered("junit", report)


def _cases(result: LoadResult) -> Iterator[Verdict]:
    for each in result.judged:
        yield _case(f"threshold {each.threshold.text}", each.met, each.sentence, result)
    if not result.judged:
        yield _case("no message is lost", not result.lost, lost_sentence(result), result)
    if result.balance:
        wrong = [row for row in balance_rows(result.balance) if row[3].startswith("NO")]
        reason = "; ".join(f"{name}: {left}, but {right}" for name, left, right, _ in wrong)
        yield _case("the mock's journal agrees", result.is_balanced, reason, result)


def _case(name: str, is_well: bool, reason: str, result: LoadResult) -> Verdict:
    if not result.verdict.is_valid:  # the reason stands once, as the run's own case
        return Verdict(name, Outcome.SKIPPED, (result.verdict.heading,))
    return Verdict(name, Outcome.PASSED) if is_well else Verdict(name, Outcome.FAILED, (reason,))


def _why(result: LoadResult) -> str:
    return f"{result.verdict.heading}: {'; '.join(result.verdict.reasons)}"
