"""Shows a report to people: as rows of a table, and as an HTML page with bars."""

from dataclasses import dataclass
from importlib.resources import files

import click

from contracts.tables import Column, on_terminal, print_rows
from sender.reporting.adobe_terms import adobe_error_code
from sender.reporting.report import INTERRUPTED, PROCESSING, Failures, Report
from sender.text import instant_text, printable_text

BAR_WIDTH = 480
COLUMNS = (Column("Term", whole=True), Column("Value", whole=True), Column("What it means"))
FROM_EARLIER_RUNS = "of earlier runs, among those received"
NOT_RECEIVED = "not among those received"
ANSWERS_LOST = "their answers were lost, so each may have been executed"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the page's chart.

    Attributes:
        label: the name of the count.
        count: the count.
        width: the bar's width, in pixels.
    """

    label: str
    count: int
    width: float


def report_rows(report: Report, name: str) -> list[tuple[str, str, str]]:
    """Return the report in Adobe's terms (A-RPT-1), as rows of a term, its value and a note."""
    return [("Dataflow run", name, ""), *_terms(report), *_details(report)]


def print_report(report: Report, name: str) -> None:
    """Print a report: as a table on a terminal, elsewhere one line of cells a row."""
    rows = report_rows(report, name)
    if on_terminal():  # there, the name has a line of its own: it may be longer than any value
        click.echo(f"Dataflow run: {printable_text(name)}\n")
        print_rows(COLUMNS, rows[1:])
    else:
        print_rows(COLUMNS, ((term.strip(), value, note) for term, value, note in rows))


def report_html(report: Report, name: str) -> str:
    """Return the report as one self-contained HTML page."""
    from jinja2 import Environment  # noqa: PLC0415  a report that is only printed needs none

    source = files("sender").joinpath("reporting", "templates", "report.html").read_text("utf-8")
    template = Environment(autoescape=True, finalize=_printable).from_string(source)
    return template.render(
        name=name,
        report=report,
        start=instant_text(report.dataflow_run_start),
        status_note=_status_note(report),
        rate_text=rate_text(report),
        rate_note=_rate_note(report),
        from_earlier_runs=FROM_EARLIER_RUNS,
        not_received=NOT_RECEIVED,
        answers_lost=ANSWERS_LOST,
        rates=[*_start(report), *_rates(report), *_expected(report)],
        bars=_bars(report),
    )


def _printable(value: object) -> object:
    return printable_text(value) if isinstance(value, str) else value


def rate_text(report: Report) -> str:
    """Return the activation rate in per cent."""
    rate = report.activation_rate
    return "no profiles" if rate is None else f"{100 * rate:.2f} %"


def _terms(report: Report) -> list[tuple[str, str, str]]:
    rows = [
        ("Dataflow run start", instant_text(report.dataflow_run_start), ""),
        *_start(report),
        ("Processing time", f"{report.processing_time_seconds:.2f} s", ""),
        ("Policy", report.policy or "not known", ""),
        *_rates(report),
        ("Profiles received", f"{report.profiles_received:,}", ""),
        ("Identities activated", f"{report.identities_activated:,}", ""),
        ("Identities excluded", f"{report.identities_excluded:,}", ""),
        ("Identities failed", f"{report.identities_failed:,}", ""),
    ]
    if report.uncertain:
        rows.append(("Uncertain", f"{report.uncertain:,}", "nobody knows whether they arrived"))
    if report.pending:
        rows.append(("Pending", f"{report.pending:,}", _pending_advice(report)))
    status = ("Status", report.status, _status_note(report))
    rows += _expected(report)
    return [*rows, ("Activation rate", rate_text(report), _rate_note(report)), status]


def _pending_advice(report: Report) -> str:
    if report.status == PROCESSING:
        return ""
    first = "remove the cause of the stop, then " if report.needs_mending else ""
    return f"{first}resume to send them"


def _start(report: Report) -> list[tuple[str, str, str]]:
    """Return the exact start, where the other one is the hour, as Adobe reports it."""
    if report.started_at in (None, report.dataflow_run_start):
        return []
    return [("Started", instant_text(report.started_at), "the run is counted to its hour")]


def _rates(report: Report) -> list[tuple[str, str, str]]:
    """Return the rates of first tries, offered and reached, with one of Adobe's policies."""
    if not report.speaks_as_adobe:
        return []
    offered = report.offered_rate
    what_was_offered = "none" if offered is None else f"{offered:,.6g}/s"
    note = "as fast as this machine could (--offered-rate)" if offered is None else ""
    reached = report.reached_rate
    return [
        ("Offered rate", what_was_offered, note),
        ("Reached rate", "not known" if reached is None else f"{reached:,.6g}/s", "first tries"),
    ]


def _expected(report: Report) -> list[tuple[str, str, str]]:
    """Return when a lossless run will end."""
    end = report.expected_end
    if end is None:
        return []
    when = "" if report.status == PROCESSING else "if resumed now: "
    return [("Expected end", instant_text(end.at), f"{when}{end.basis()}")]


def _rate_note(report: Report) -> str:
    """Explain a rate above zero when nothing was activated (A-RPT-1)."""
    surprises = not report.activated and report.activation_rate
    return "excluded count as activated, as Adobe counts" if surprises else ""


def _status_note(report: Report) -> str:
    """Return why a run ended early, and what it left: messages, and rows of its source."""
    notes = [report.stopped_because or ""]
    if report.status == INTERRUPTED and report.pending:
        notes.append(f"{report.pending:,} pending")
    if report.status != PROCESSING and not report.source_finished:
        notes.append(_not_read(report))
    return "; ".join(filter(None, notes))


def _not_read(report: Report) -> str:
    left = report.rows_not_read
    rest = "how many are left is not known" if left is None else f"about {left:,} are left"
    return f"profiles read up to row {report.rows_read:,}, not to the end: {rest}"


def _failed(report: Report, failures: Failures) -> str:
    code = adobe_error_code(failures.error_code, failures.status)
    adobes = f" ({code.code})" if code is not None and report.speaks_as_adobe else ""
    return f"{failures.error_code}{adobes}: {failures.description}"


def _details(report: Report) -> list[tuple[str, str, str]]:
    rows = [("  excluded", f"{e.count:,}", e.reason) for e in report.exclusions]
    rows += [("  failed", f"{f.count:,}", _failed(report, f)) for f in report.failures]
    if report.taken_over:
        rows.append(("  taken over", f"{report.taken_over:,}", FROM_EARLIER_RUNS))
    if report.failed_before:
        before = f"{report.failed_before:,}"
        rows.append(("  failed before", before, "of earlier runs; replay sends them again"))
    if report.broken_rows:
        rows.append(("  broken rows", f"{report.broken_rows:,}", NOT_RECEIVED))
    if report.uncertain_attempts:
        rows.append(("  uncertain attempts", f"{report.uncertain_attempts:,}", ANSWERS_LOST))
    return rows


def _bars(report: Report) -> list[Bar]:
    counts = {
        "Activated": report.activated,
        "Excluded": report.excluded,
        "Failed": report.failed,
        "Uncertain": report.uncertain,
        "Pending": report.pending,
    }
    longest = max(1, *counts.values())
    return [Bar(label, n, round(BAR_WIDTH * n / longest, 1)) for label, n in counts.items()]
