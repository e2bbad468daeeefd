"""A run's report as JSON."""

import datetime as dt

from contracts.validation import schema, validate
from sender.reporting.report import Exclusions, Failures, Report
from support.report import REPORT


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
