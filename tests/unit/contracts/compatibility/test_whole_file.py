"""The verdicts that a table fixes, one a case, so that "sometimes" for everything cannot pass."""

import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from contracts.compatibility.findings import Finding
from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.whole_file import judge
from contracts.dataflow_rules import rule_violations
from contracts.validation import validate

TABLE = tomllib.loads(
    Path(__file__).parents[3].joinpath("data/compatibility-cases.toml").read_text("utf-8")
)
CASES: dict[str, dict[str, Any]] = {case["name"]: case for case in TABLE["cases"]}
CHANGES = ("identity_map_keys", "identities", "audiences")
MAIL = "Dave, your order: ~{aedj://it}"


def dataflow(case: dict[str, Any]) -> dict[str, Any]:
    raw = TABLE["dataflow"] | {name: case[name] for name in CHANGES if name in case}
    assert validate(raw, "dataflow") == list(rule_violations(raw)) == []
    return raw


def workflow(case: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"name": "W"}
    if "path" in case:
        made["fields"] = [{"name": "it", "path": case["path"]}]
    if "condition" in case:
        made["conditions"] = {"all": [case["condition"]]}
    else:
        setting = case.get("setting", MAIL)
        made["tasks"] = [{"name": "Mail", "type": "email", "settings": {"subject": setting}}]
    assert validate({"workflows": [made]}, "workflows-file") == []
    return made


def findings(case: dict[str, Any]) -> list[Finding]:
    rows = [json.loads(line) for line in case.get("rows", "").splitlines()]
    labelled = [(f"rows:{number}", row) for number, row in enumerate(rows)] if rows else None
    flow = MappedDataflow.from_mapping(dataflow(case))
    return judge(flow, [workflow(case)], labelled)[0]


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_the_verdict_that_the_table_fixes(name: str):
    case = CASES[name]
    found = findings(case)
    judged = next(f for f in found if ("setting" in case) == (f.kind == "setting"))
    assert judged.verdict == case["verdict"]
    assert (judged.why.code if judged.why else None) == case.get("reason")
    assert judged.holds == case.get("holds")
    if "exit" in case:
        assert any(finding.fails() for finding in found) is bool(case["exit"])


def test_the_table_has_at_least_thirty_cases_and_each_verdict_often():
    assert len(CASES) == len(TABLE["cases"]) >= 30
    assert min(Counter(case["verdict"] for case in CASES.values()).values()) >= 8


def one(**case: Any) -> Finding:  # noqa: ANN401  a case's keys
    return findings(case)[0]


def test_a_field_that_no_task_needs_is_a_warning_when_it_is_never_fed():
    flow = MappedDataflow.from_mapping(TABLE["dataflow"])
    unused = {"name": "W", "fields": [{"name": "it", "path": "$.nothing"}]}
    ((finding,), _) = judge(flow, [unused])
    assert (finding.verdict, finding.severity) == ("never", "warning")


def test_the_source_of_an_attribute_is_told_with_its_target():
    finding = one(path="$.personalEmail.address")
    assert "personalEmail.address is mapped to email" in finding.explained


def test_a_name_that_is_nearly_a_target_is_suggested():
    assert "did you mean order.number?" in one(path="$.order.numbr").explained


def test_what_the_other_identity_keys_would_make_is_told_for_they_are_assumed():
    finding = one(path="$.identityMap.Email[0].id")
    assert finding.notes == (
        'with identity_map_keys = "target": never (A-MSG-1 leaves the keys open)',
    )


def test_a_list_that_is_piped_is_told():
    assert "its value is a list" in one(path="$.identityMap.Email").explained


def test_what_the_conditions_demand_is_no_warning_in_the_tasks():
    flow = MappedDataflow.from_mapping(TABLE["dataflow"])
    path = "$.person.name.firstName"
    table = workflow({"path": path})
    table["conditions"] = {"all": [{"path": path, "exists": True}]}
    severities = {f.kind: f.severity for f in judge(flow, [table])[0]}
    assert severities == {"field": "none", "condition": "warning", "setting": "none"}


def test_one_of_several_conditions_that_is_never_fed_stops_nothing():
    flow = MappedDataflow.from_mapping(TABLE["dataflow"])
    members = [{"path": "$.nothing", "exists": True}, {"path": "$.email", "exists": True}]
    for kind, severities in (
        ("any", ["warning", "none"]),
        ("all", ["failure", "none", "failure"]),
    ):
        found, _ = judge(flow, [{"name": "W", "conditions": {kind: members}}])
        assert [finding.severity for finding in found] == severities


def test_of_rows_the_first_that_lacks_it_is_told_and_what_the_dataflow_promised():
    rows = [{"identityMap": {"Email": [{"id": "a"}]}, "personalEmail": {"address": "a"}}]
    rows += [{"identityMap": {"Email": [{"id": "b"}]}}, {"identityMap": {}}]
    flow = MappedDataflow.from_mapping(TABLE["dataflow"])
    table = {"name": "W", "fields": [{"name": "it", "path": "$.email"}]}
    found, count = judge(flow, [table], [(f"p:{n}", row) for n, row in enumerate(rows, 1)])
    assert count == 2
    assert found[0].explained == "for certain in 1 of 2 rows; p:2: it has no personalEmail.address"
    assert [f.name for f in found[1:]] == [
        "always_present of order.number",
        "always_present of personalEmail.address",
    ]


def test_rows_that_make_no_message_prove_nothing():
    flow = MappedDataflow.from_mapping(TABLE["dataflow"])
    assert judge(flow, [{"name": "W"}], [("p:1", {"identityMap": {}})]) == ([], 0)
