"""The contents of the Overview; no HTML here."""

from typing import TYPE_CHECKING, Any, Final

from flask import url_for

from mock_qualtrics.clock import format_instant
from mock_qualtrics.web.pages.controls.control_contents import usage
from mock_qualtrics.web.pages.overview import charts
from mock_qualtrics.web.pages.overview.time_spans import CHOICES, TimeSpan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_qualtrics.engine import Engine
    from mock_qualtrics.journal.minutes.minute_steps import MinuteStep
    from mock_qualtrics.tenants.tenant import Tenant

MOST_STEPS: Final = 61  # an hour's minutes, the first and the last of them perhaps in part
SPANS: Final = {
    "latency": "Latency: from a call to its answer",
    "delay": "Delay: from a call to the start of its run",
    "duration": "Duration: from the start of a run to its end",
}
"""The spans of time that minutes have histograms of, with what they are."""


def overview_contents(engine: "Engine", tenant: "Tenant", span: TimeSpan) -> dict[str, Any]:
    """Return what the page shows of a tenant over a span of time."""
    steps = engine.journal.minutes(tenant.number, span.first, span.end, MOST_STEPS)
    whole = engine.journal.minutes(tenant.number, span.first, span.end, 1)[0]
    return {
        "span": {
            "last": span.last,
            "first": format_instant(span.first),
            "end": format_instant(span.end),
        },
        "is_now": span.is_now,
        "choices": _choices(tenant, span),
        "earlier": _address(tenant, span, before=format_instant(span.earlier_end)),
        "step_text": _step_text(steps[0].minutes),
        "charts": _charts(steps),
        "runs_of": [_runs_of(tenant, step) for step in steps],
        "shares": _shares(whole),
        "percentiles": _percentiles(whole),
        "usage": usage(engine, tenant),
        "backlog": _backlog(engine, tenant),
        "is_empty": not (whole.received or whole.other_calls or whole.succeeded or whole.failed),
    }


def _charts(steps: "Sequence[MinuteStep]") -> list[charts.Chart]:
    return [
        charts.counts_chart("calls", "Calls", steps, ("accepted", "refused")),
        charts.counts_chart("runs", "Runs, by outcome", steps, ("succeeded", "failed", "blocked")),
        charts.spans_chart("latency", "Latency of answers", steps, lambda step: step.latency),
        charts.spans_chart("delay", "Delay of runs", steps, lambda step: step.delay),
    ]


def _choices(tenant: "Tenant", span: TimeSpan) -> list[dict[str, Any]]:
    return [
        {
            "url": url_for("pages.overview", tenant=tenant.id, last=last),
            "text": text,
            "is_chosen": span.is_now and last == span.last,
        }
        for last, text in CHOICES.items()
    ]


def _address(tenant: "Tenant", span: TimeSpan, before: str) -> str:
    return url_for("pages.overview", tenant=tenant.id, last=span.last, before=before)


def _step_text(minutes: int) -> str:
    return "Each step is a minute." if minutes == 1 else f"Each step is {minutes:,} minutes."


def _runs_of(tenant: "Tenant", step: "MinuteStep") -> str:
    """Return the address of the runs whose calls came in a step."""
    end = step.first + step.minutes * 60_000_000
    search = f"after:{format_instant(step.first)} before:{format_instant(end)}"
    return url_for("pages.run_history", tenant=tenant.id, q=search)


def _shares(whole: "MinuteStep") -> list[dict[str, Any]]:
    """Return how the runs of the whole span ended: each outcome's number and share."""
    names = ("succeeded", "failed", "blocked")
    counts = {name: int(getattr(whole, name)) for name in names}
    total = sum(counts.values())
    return [
        {"name": name, "count": count, "share": f"{count / total:.1%}" if total else "–"}
        for name, count in counts.items()
    ]


def _percentiles(whole: "MinuteStep") -> list[dict[str, Any]]:
    return [
        {
            "name": text,
            "of": getattr(whole, name).total,
            "values": [
                charts.seconds_text(getattr(whole, name).percentile(share))
                for share in charts.SHARES
            ],
        }
        for name, text in SPANS.items()
    ]


def _backlog(engine: "Engine", tenant: "Tenant") -> dict[str, Any]:
    """Return how many runs wait, and until when the last of them is due."""
    with engine.lock:
        pending = engine.journal.counters(tenant.number).pending
    last = engine.journal.reader.last_due(tenant.number, tenant.clock_number) if pending else None
    return {"pending": pending, "last_due": None if last is None else format_instant(last)}
