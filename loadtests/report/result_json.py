"""A load test as JSON."""

import json
from collections.abc import Sequence
from typing import Any, Final

from contracts import __version__
from loadtests.measuring import Measurements, Spans, Tally, Timeline
from loadtests.reconciling import JournalFacts
from loadtests.report.load_result import LoadResult, ShareOfRun

_PERCENTILES: Final = (50, 90, 95, 99, 99.9, 100)
_OVER_TIME: Final = (50, 95)
_MILLISECOND_US: Final = 1_000
_SECOND_US: Final = 1_000_000


def result_json(result: LoadResult) -> str:
    """Return the result as a JSON object, on lines."""
    return json.dumps(to_mapping(result), indent=2, ensure_ascii=False) + "\n"


def to_mapping(result: LoadResult) -> dict[str, Any]:
    """Return it as a JSON object: keys are camelCase, times have their unit in their name."""
    return {
        "version": __version__,
        "verdict": result.verdict.kind.value,
        "exitCode": result.verdict.exit_code,
        "reasons": list(result.verdict.reasons),
        "begunAt": result.begun_at.isoformat(),
        "seconds": round(result.seconds, 3),
        "command": result.command,
        "workload": result.workload.kind,
        "settings": dict([*result.workload.described(), *result.settings]),
        "thresholds": [
            {
                "threshold": each.threshold.text,
                "found": each.found,
                "met": each.met if result.verdict.is_valid else None,
            }
            for each in result.judged
        ],
        "lost": result.lost,
        "counted": _tally(result.measured.counted),
        "warmUp": _tally(result.measured.warm_up),
        "overTime": _over_time(result.measured.timeline),
        "generator": _generator(result.measured),
        "journal": None if result.journal is None else _journal(result.journal),
        "workers": [_share(each) for each in result.shares],
        "balance": [line.to_mapping() for line in result.balance],
        "forecast": None if result.comparison is None else result.comparison.to_mapping(),
        "notes": list(result.notes),
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "messages": tally.messages,
        "delivered": tally.delivered,
        "dropped": tally.dropped,
        "uncertain": tally.uncertain,
        "calls": tally.calls,
        "byStatus": {str(status): count for status, count in sorted(tally.by_status.items())},
        "latencyMs": _percentiles(tally.latency),
    }


def _over_time(timeline: Timeline) -> dict[str, Any]:
    """Return one value for each bin, in order: a bin in which no call was due has no percentile."""
    bins = timeline.filled()
    latencies = [_percentiles(each.latency, _OVER_TIME) for each in bins]
    return {
        "binSeconds": timeline.width_us / _SECOND_US,
        "due": [each.due for each in bins],
        "sent": [each.sent for each in bins],
        "answered": [sum(each.answered.values()) for each in bins],
        "latencyMs": {
            name: [each.get(name) for each in latencies]
            for name in (f"p{each:g}" for each in _OVER_TIME)
        },
    }


def _share(share: ShareOfRun) -> dict[str, Any]:
    return {
        "share": share.index,
        "calls": share.calls,
        "journalCalls": share.journal_calls,
        "isLost": share.is_lost,
    }


def _generator(measured: Measurements) -> dict[str, Any]:
    return {
        "latenessMs": _percentiles(measured.counted.lateness),
        "unsent": measured.unsent,
        "processorPercent": {str(each): n for each, n in sorted(measured.processor.items())},
    }


def _journal(journal: JournalFacts) -> dict[str, Any]:
    return {
        "totals": dict(journal.totals),
        "refusedBy": dict(journal.refused_by),
        "calls": journal.calls,
        "callsByStatus": {str(status): n for status, n in journal.calls_by_status.items()},
        "accepted": journal.accepted,
        "otherCalls": journal.other_calls,
        "lost": journal.lost,
        "duplicates": journal.duplicates,
        "runs": journal.runs,
        "endToEndMs": None if journal.end_to_end is None else _percentiles(journal.end_to_end),
        "complete": journal.is_whole,
    }


def _percentiles(spans: Spans, wanted: Sequence[float] = _PERCENTILES) -> dict[str, float]:
    if not spans.counts:
        return {}
    histogram = spans.histogram()
    return {
        f"p{each:g}": histogram.get_value_at_percentile(each) / _MILLISECOND_US for each in wanted
    }
