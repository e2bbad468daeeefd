"""CTRF JSON, as its published schema (0.0) demands it."""

import json
import re
from typing import Any
from uuid import UUID

import pytest

from contracts.reports.ctrf import ctrf_json
from contracts.reports.run_report import RunReport
from support.sample_report import ALL, HOSTILE, sample_report

STATUSES = {"passed", "failed", "skipped", "pending", "other"}
SUMMARY = STATUSES | {"tests", "start", "stop"}
TEST = {"name", "status", "duration"}
TEXTS = {"id", "name", "status", "rawStatus", "message", "trace"}
MAY_HAVE = {*TEST, *TEXTS, "suite", "tags", "extra"}


def written(report: RunReport) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(ctrf_json(report))
    return document


@pytest.mark.parametrize(
    "report", [sample_report(), sample_report(*ALL, ended_by=HOSTILE, subject=HOSTILE)]
)
def test_every_report_has_the_form_of_the_schema(report: RunReport):
    document = written(report)
    assert document["reportFormat"] == "CTRF"
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["specVersion"])
    assert set(document) == {"reportFormat", "specVersion", "timestamp", "generatedBy", "results"}
    results = document["results"]
    assert set(results) == {"tool", "summary", "tests"}
    assert results["tool"]["name"]
    summary = results["summary"]
    assert set(summary) == SUMMARY | {"suites", "extra"}
    assert all(type(summary[name]) is int for name in SUMMARY)
    assert summary["tests"] == len(results["tests"]) == sum(summary[name] for name in STATUSES)
    for test in results["tests"]:
        assert TEST <= set(test) <= MAY_HAVE
        assert test["status"] in STATUSES
        assert type(test["duration"]) is int
        assert all(type(test[name]) is str for name in TEXTS & set(test))
        assert test["suite"] == ["qualtrics-contracts conformance"]
        assert UUID(test["id"])


def test_outcomes_keep_their_own_name_beside_the_status():
    tests = written(sample_report(*ALL))["results"]["tests"]
    assert [(test["status"], test["rawStatus"]) for test in tests] == [
        ("passed", "passed"),
        ("failed", "failed"),
        ("skipped", "known to fail"),
        ("skipped", "skipped"),
        ("failed", "error"),
    ]


def test_instants_are_milliseconds_and_durations_too():
    summary = written(sample_report(*ALL))["results"]["summary"]
    assert (summary["start"], summary["stop"]) == (1_767_225_600_000, 1_767_225_612_500)
    assert written(sample_report(*ALL))["results"]["tests"][0]["duration"] == 1_250
    assert written(sample_report())["timestamp"] == "2026-01-01T00:00:12.500Z"


def test_a_case_has_the_same_id_in_every_run():
    first, second = (written(sample_report(*ALL, ended_by=why)) for why in ("", "interrupted"))
    ids = [test["id"] for test in first["results"]["tests"]]
    assert ids == [test["id"] for test in second["results"]["tests"]][:5]
    assert len(set(ids)) == 5


def test_a_message_says_what_the_case_tries():
    message = written(sample_report(*ALL))["results"]["tests"][1]["message"]
    assert message.startswith("After a 429 it is sent again. Found: expected 3 calls")
