"""A soak as one HTML page that needs nothing else."""

from collections.abc import Callable, Iterator
from typing import Final

from contracts.extras import missing_extra
from contracts.verdicts import EXIT_WELL
from loadtests import charts
from loadtests.page import rendered
from loadtests.report.load_charts import inline_svg
from loadtests.report.panels import Line, Panel
from loadtests.soak.findings import Finding, verdicts_of
from loadtests.soak.observed import Observed
from loadtests.soak.samples import Sample
from loadtests.soak.series import MEGABYTE, latencies_of, processor_for_each_call
from loadtests.soak.soak_plan import CALLS_A_SECOND

_TEMPLATE: Final = ("soak", "templates", "soak.html")


def soak_page(observed: Observed, found: tuple[Finding, ...]) -> bytes:
    """Return the page, in UTF-8: the same soak gives the same bytes."""
    plan = observed.plan
    is_well = verdicts_of(found).exit_code == EXIT_WELL
    return rendered(
        _TEMPLATE,
        heading="Flat, and nothing lost" if is_well else "Not all is well",
        findings=[(each.name, each.outcome.value, each.found) for each in found],
        begun=observed.begun_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        minutes=f"{plan.seconds / 60:g}",
        tenants=[
            (each.name, each.purpose, ", ".join(fault["kind"] for fault in each.faults))
            for each in plan.tenants
        ],
        calls_a_second=f"{CALLS_A_SECOND:g}",
        chart=inline_svg(tuple(panels_of(observed))) if charts.is_installed() else "",
        without_chart=missing_extra("a chart needs", "matplotlib", "load"),
    )


def panels_of(observed: Observed) -> Iterator[Panel]:
    """Yield the charts: of the mock's process, of its files, and of its answers."""

    def line(name: str, value: Callable[[Sample], float]) -> Line:
        values = [None if each is None else value(each) for each in observed.samples]
        return Line(name, values, observed.plan.interval_seconds)

    if any(observed.samples):
        yield Panel("memory, in MB", (line("resident", lambda its: its.resident_bytes / MEGABYTE),))
        threads = line("threads", lambda its: its.threads)
        descriptors = line("descriptors", lambda its: its.descriptors)
        yield Panel("threads and descriptors", (threads, descriptors))
        store = line("store", lambda its: its.store_bytes / MEGABYTE)
        log = line("write-ahead log", lambda its: its.log_bytes / MEGABYTE)
        yield Panel("files, in MB", (store, log))
        took = list(processor_for_each_call(observed.samples))
        processor = Line("processor", took, observed.plan.interval_seconds)
        yield Panel("processor for each call, in ms", (processor,))
        yield Panel("answer to a health check, in ms", (line("answer", lambda its: its.answer_ms),))
    yield from _latencies(observed)


def _latencies(observed: Observed) -> Iterator[Panel]:
    """Yield a chart for each percentile, with a line for each load."""
    lines: dict[str, list[Line]] = {}
    for name, result in observed.results.items():
        latencies = latencies_of(result, observed.plan.seconds)
        for percentile, values in latencies.percentiles.items():
            line = Line(name, values, latencies.bin_seconds)
            lines.setdefault(percentile, []).append(line)
    for percentile, of_loads in lines.items():
        yield Panel(f"{percentile} of calls, in ms", tuple(of_loads), spans_decades=True)
