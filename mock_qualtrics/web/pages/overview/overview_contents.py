"""The contents of the Overview; no HTML here."""

from typing import TYPE_CHECKING, Any, Final

from flask import url_for

from mock_qualtrics.clock import format_instant
from mock_qualtrics.journal.minutes.minute import MINUTE
from mock_qualtrics.journal.minutes.minute_steps import step_minutes, together
from mock_qualtrics.web.pages.controls.control_contents import usage
from mock_qualtrics.web.pages.overview import charts
from mock_qualtrics.web.pages.overview.time_spans import CHOICES, TimeSpan
from mock_qualtrics.web.pages.spans import span_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_qualtrics.engine import Engine
    from mock_qualtrics.journal.minutes.minute_steps import MinuteStep
    from mock_qualtrics.model import Microseconds
    from mock_qualtrics.tenants.tenant import Tenant

_MOST_STEPS: Final = 61  # an hour's minutes, the first and the last of them perhaps in part
LONGEST_ANSWER_SECONDS: Final = 2.0
"""What an endpoint has for an answer (A-LIM-1)."""
SPANS: Final = {
    "latency": "Latency: from a call to its answer",
    "delay": "Delay: from a call to the start of its run",
    "duration": "Duration: from the start of a run to its end",
}
"""The spans of time that minutes have histograms of, with what they are."""


def overview_contents(engine: "Engine", tenant: "Tenant", span: TimeSpan) -> dict[str, Any]:
    """Return what the page shows of a tenant over a span of time."""
    span = _from_a_whole_step(span)
    steps = engine.journal.minutes(tenant.number, span.first, span.last_instant, _MOST_STEPS + 1)
    whole = together(span.first, len(steps) * steps[0].minutes, steps)
    return {
        "span": {
            "last": span.last,
            "first": format_instant(span.first),
            "end": format_instant(span.end),
        },
        "is_now": span.is_now,
        "choices": _choices(tenant, span),
        "earlier": _address(tenant, span, before=span.first),
        "later": _later(tenant, span),
        "step_text": _step_text(steps[0].minutes),
        "charts": _charts(steps),
        "runs_of": {format_instant(step.first): _runs_of(tenant, step) for step in steps},
        "shares": _shares(whole),
        "percentiles": _percentiles(whole),
        "usage": usage(engine, tenant),
        "backlog": _backlog(engine, tenant),
        "is_empty": not (whole.received or whole.other_calls or whole.succeeded or whole.failed),
    }


def _from_a_whole_step(span: TimeSpan) -> TimeSpan:
    """Return the span begun at a round instant, as its steps do; the first is a whole one."""
    first, last = span.first // MINUTE, span.last_instant // MINUTE
    return span.begun_at((first - first % step_minutes(first, last, _MOST_STEPS)) * MINUTE)


def _charts(steps: "Sequence[MinuteStep]") -> list[charts.Chart]:
    return [
        charts.counts_chart("calls", "Calls", steps, ("accepted", "refused")),
        charts.counts_chart("runs", "Runs, by outcome", steps, ("succeeded", "failed", "blocked")),
        charts.spans_chart(
            "latency",
            "Latency of answers",
            steps,
            lambda step: step.latency,
            LONGEST_ANSWER_SECONDS,
        ),
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


def _address(tenant: "Tenant", span: TimeSpan, before: "Microseconds") -> str:
    before_text = format_instant(before)
    return url_for("pages.overview", tenant=tenant.id, last=span.last, before=before_text)


def _later(tenant: "Tenant", span: TimeSpan) -> str | None:
    """Return the address of the span that follows, which may end now; None after the present."""
    if span.is_now:
        return None
    end, now = span.end + (span.end - span.first), tenant.clock.now()
    if end >= now:
        return url_for("pages.overview", tenant=tenant.id, last=span.last)
    return _address(tenant, span, before=end)


def _step_text(minutes: int) -> str:
    text = span_text(minutes * MINUTE)
    return f"Each step is {text}."


def _runs_of(tenant: "Tenant", step: "MinuteStep") -> str:
    """Return the address of the runs whose calls came in a step."""
    end = step.first + step.minutes * MINUTE
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
