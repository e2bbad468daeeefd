"""A run's report as JSON."""

import datetime as dt

from contracts.validation import schema, validate
from sender.reporting.report import Exclusions, Failures, Report

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


REPORT = Report(
    START,
    1.5,
    "Processing",
    10,
    activated=4,
    failed=2,
    uncertain=1,
    pending=1,
    uncertain_attempts=3,
    exclusions=(Exclusions("hashed e-mail", 2),),
    failures=(Failures("<b>", 2, "<script>"),),
    broken_rows=1,
    taken_over=5,
    failed_before=9,
)


def test_the_schemas_example_is_what_a_report_writes():
    (example,) = schema("report")["examples"]
    counts = example["messages"]
    report = Report(
        dt.datetime.fromisoformat(example["dataflowRunStart"]),
        example["processingTimeSeconds"],
        example["status"],
        example["profilesReceived"],
        **{name: counts[name] for name in ("activated", "failed", "uncertain", "pending")},
        exclusions=[Exclusions(**entry) for entry in example["excluded"]],
        failures=[
            Failures(entry["errorCode"], entry["count"], entry["description"])
            for entry in example["failed"]
        ],
        rows_read=example["rowsRead"],
        policy=example["policy"],
    )
    assert report.to_mapping() == example
    assert sum(counts.values()) == example["profilesReceived"]
    assert validate(REPORT.to_mapping(), "report") == []
