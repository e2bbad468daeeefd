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
        (
            'with identity_map_keys = "target" it is never fed: nobody documents which keys Adobe '
            "writes (A-MSG-1)"
        ),
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
    assert (
        found[0].explained
        == "certain in 1 of 2 exported rows; p:2: it has no personalEmail.address"
    )
    assert [f.name for f in found[1:]] == [
        "always_present of order.number",
        "always_present of personalEmail.address",
    ]


ADDRESS = '{"identityMap": {"Email": [{"id": "d@example.com"}]}, "order": {"total": %s}}'


@pytest.mark.parametrize(
    ("totals", "condition", "code", "explained"),
    [
        (['"100"'], {"equals": 100}, "wrong-type", "rows:0: {is} a text, and 100 is a number"),
        (["100"], {"equals": "100"}, "wrong-type", 'rows:0: {is} a number, and "100" is a text'),
        (["1"], {"equals": True}, "wrong-type", "rows:0: {is} a number, and true is true or false"),
        (
            ["true"],
            {"less_than": True},
            "wrong-type",
            "rows:0: {is} true or false, which is in no order",
        ),
        (["1"], {"at_least": [1]}, "wrong-type", "rows:0: {is} a number, and [1] is a list"),
        (
            ["1"],
            {"equals": {"a": 1}},
            "wrong-type",
            'rows:0: {is} a number, and {{"a": 1}} is an object',
        ),
        (["1"], {"contains": "1"}, "wrong-type", "rows:0: {is} a number, which contains nothing"),
        (['"1"'], {"contains": 1}, "wrong-type", "rows:0: {is} a text, and 1 is a number"),
        (
            ["99"],
            {"at_least": 100},
            "other-value",
            "rows:0: {is} a number, but none that is at least 100",
        ),
        (
            ['"a"'],
            {"contains": "b"},
            "other-value",
            'rows:0: {is} a text, but none that contains "b"',
        ),
        (
            ["1", '"1"', "2"],
            {"equals": 3},
            "other-value",
            "in none of 3 exported rows; rows:0: {is} a number, but none that equals 3",
        ),
        (
            ["1", "1"],
            {"not_equals": 1},
            "other-value",
            "in none of 2 exported rows; rows:0: {is} a number, but none that differs from 1",
        ),
    ],
)
def test_a_condition_that_no_row_meets_is_told_with_its_value_and_the_kind_that_is_there(
    totals: list[str], condition: dict[str, Any], code: str, explained: str
):
    rows = [json.loads(ADDRESS % total) for total in totals]
    flow = MappedDataflow.from_mapping(TABLE["dataflow"])
    table = {"name": "W", "conditions": {"all": [{"path": "$.order.total", **condition}]}}
    found, _ = judge(flow, [table], [(f"rows:{n}", row) for n, row in enumerate(rows)])
    assert (found[0].verdict, found[0].holds, found[0].severity) == ("always", "never", "failure")
    assert found[0].why is not None
    assert (found[0].why.code, found[0].why.text) == (
        code,
        explained.format(**{"is": "$.order.total is"}),
    )


def test_a_list_of_which_a_condition_asks_a_plain_value_is_told_as_one():
    finding = one(condition={"path": "$.identityMap.Email", "equals": "a"})
    assert finding.explained == (
        'fed, but the condition never holds: $.identityMap.Email is a list, and "a" is a text; '
        'with identity_map_keys = "target" it is never fed: nobody documents which keys Adobe '
        "writes (A-MSG-1)"
    )
    several = one(condition={"path": "$.identityMap.Email[0].*", "equals": 5})
    assert "$.identityMap.Email[0].id is a text, and 5 is a number" in several.explained


def test_in_the_only_row_no_number_of_rows_is_told():
    rows = [{"identityMap": {"Email": [{"id": "a"}]}, "order": {"number": "1"}}]
    flow = MappedDataflow.from_mapping(TABLE["dataflow"])
    table = {"name": "W", "fields": [{"name": "it", "path": "$.email"}]}
    found, _ = judge(flow, [table], [("p:1", rows[0])])
    assert found[0].explained == "p:1: it has no personalEmail.address"


def test_rows_that_make_no_message_prove_nothing():
    flow = MappedDataflow.from_mapping(TABLE["dataflow"])
    assert judge(flow, [{"name": "W"}], [("p:1", {"identityMap": {}})]) == ([], 0)
