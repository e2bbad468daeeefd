"""A run as CTRF JSON, the Common Test Report Format."""

import json
import uuid
from collections import Counter
from datetime import datetime
from typing import Any, Final

from contracts import __version__
from contracts.reports.run_report import RunReport, label, lines_of, purpose_and_reasons
from contracts.verdicts import Outcome, Verdict

SPEC_VERSION: Final = "0.0.0"

_NAMESPACE: Final = uuid.UUID("3d1f0a52-6b0e-5c8f-9d53-0a6f7b1f4c11")
# CTRF has no status for an error of the harness; a reader must not take one for a pass.
_STATUS: Final = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.SKIPPED: "skipped",
    Outcome.ERROR: "failed",
}
_COUNTED: Final = ("passed", "failed", "skipped", "pending", "other")


def ctrf_json(report: RunReport) -> bytes:
    """Return the run as a CTRF document, in UTF-8."""
    document = {
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "timestamp": report.ended.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "generatedBy": f"mock-qualtrics {__version__}",
        "results": {
            "tool": {"name": report.title, "version": __version__},
            "summary": _summary(report),
            "tests": [_test(report, case) for case in report.cases_for_ci],
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def _summary(report: RunReport) -> dict[str, Any]:
    counts = Counter(_STATUS[case.outcome] for case in report.cases_for_ci)
    return {
        "tests": counts.total(),
        **{status: counts[status] for status in _COUNTED},
        "suites": 1,
        "start": _milliseconds_of(report.started),
        "stop": _milliseconds_of(report.ended),
        "extra": {
            "subject": report.subject,
            "possible": report.possible,
            "claimed": report.claimed,
            "earned": report.earned,
            "leftOut": report.left_out,
        },
    }


def _test(report: RunReport, case: Verdict) -> dict[str, Any]:
    test: dict[str, Any] = {
        "id": str(uuid.uuid5(_NAMESPACE, f"{report.tool}/{case.name}")),
        "name": case.name,
        "status": _STATUS[case.outcome],
        "duration": round(max(0.0, case.seconds) * 1_000),
        "suite": [report.title],
        "rawStatus": "known to fail" if case.is_known else label(case),
    }
    if case.facts:
        test["tags"] = list(case.facts)
    if case.reasons:
        test["message"] = purpose_and_reasons(case)
        test["trace"] = "\n".join(lines_of(case))
    extra = {"purpose": case.purpose, "folder": case.folder}
    test["extra"] = {name: value for name, value in extra.items() if value}
    return test


def _milliseconds_of(instant: datetime) -> int:
    return round(instant.timestamp() * 1_000)
