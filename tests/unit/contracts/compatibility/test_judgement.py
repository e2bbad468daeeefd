"""What a workflow reads, judged: the verdict, the severity and what is told beside them."""

from typing import Any

import pytest

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES
from contracts.compatibility.findings import Finding, Kind, Severity
from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.shape import Why
from contracts.compatibility.whole_file import judge

FLOW = MappedDataflow.from_mapping(
    {
        "attributes": [
            {"source": "email", "target": "email", "always_present": True},
            {"source": "total", "target": "order.total"},
            {"source": "number", "target": "order.number", "always_present": True},
        ],
        "identities": [{"source": "Email", "target": "mail"}],
        "audiences": [{"id": "a-1"}],
    }
)
NONE, WARNING, FAILURE = Severity
STATUS = "$.segmentMembership.ups['a-1'].status"


def found(rows: Any = None, **workflow: Any) -> list[Finding]:  # noqa: ANN401  JSON
    return judge(FLOW, [{"name": "W", **workflow}], rows)[0]


def when(*members: dict[str, Any], kind: str = "all", rows: Any = None) -> Finding:  # noqa: ANN401
    return found(rows, conditions={kind: list(members)})[0]


def at(path: str, **comparison: Any) -> dict[str, Any]:  # noqa: ANN401  an operator and its operand
    return {"path": path, **comparison}


EMAIL = at("$.email", exists=True)
NOTHING = at("$.nothing", exists=True)


@pytest.mark.parametrize(
    ("condition", "fed", "holds", "alone", "beside_one_that_never_holds", "beside_a_sure_one"),
    [
        (at("$.email", exists=True), ALWAYS, ALWAYS, NONE, NONE, NONE),
        (at("$.email", exists=False), ALWAYS, NEVER, FAILURE, FAILURE, WARNING),
        (at("$.nothing", exists=True), NEVER, NEVER, FAILURE, FAILURE, WARNING),
        (at("$.nothing", exists=False), NEVER, ALWAYS, NONE, NONE, NONE),
        (at("$.order.total", exists=True), SOMETIMES, SOMETIMES, WARNING, WARNING, WARNING),
        (at("$.order.total", exists=False), SOMETIMES, SOMETIMES, WARNING, WARNING, WARNING),
        (at("$.order.total", greater_than=5), SOMETIMES, SOMETIMES, WARNING, WARNING, WARNING),
        (at("$.order", greater_than=5), ALWAYS, NEVER, FAILURE, FAILURE, WARNING),
        (at("$.email", equals="a"), ALWAYS, SOMETIMES, NONE, NONE, NONE),
        (at("$.nothing", not_equals=1), NEVER, ALWAYS, FAILURE, FAILURE, FAILURE),
        (at("$.email", not_equals=1), ALWAYS, SOMETIMES, NONE, NONE, NONE),
        (at(STATUS, equals="none"), SOMETIMES, NEVER, FAILURE, FAILURE, WARNING),
    ],
)
def test_a_condition_is_as_severe_as_what_it_does_to_the_whole(
    condition: dict[str, Any],
    fed: str,
    holds: str,
    alone: Severity,
    beside_one_that_never_holds: Severity,
    beside_a_sure_one: Severity,
):
    finding = when(condition)
    assert (finding.verdict, finding.holds, finding.severity) == (fed, holds, alone)
    assert when(condition, NOTHING).severity is beside_one_that_never_holds
    assert when(condition, EMAIL, kind="any").severity is beside_a_sure_one


def test_a_condition_is_told_by_its_workflow_operator_and_path():
    finding = when(at("$.email", at_least=3))
    assert finding == Finding(
        "W", Kind.CONDITION, "at_least", "$.email", ALWAYS, None, NONE, holds=SOMETIMES
    )
    for name, verdict in (("Email", "never"), ("mail", "always")):
        (note,) = when(at(f"$.identityMap.{name}", exists=True)).notes
        assert note.startswith(f'with identity_map_keys = "target" it is {verdict} fed')


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (at("$.email", exists=False), "$.email is in every message"),
        (at(STATUS, equals="none"), f"{STATUS} is realized or exited"),
        (at("$.order", equals=1), "$.order is an object"),
        (at("$.identityMap.Email", equals=1), "$.identityMap.Email is a list"),
        (at("$.order.total", equals=[]), "$.order.total is a plain value"),
    ],
)
def test_why_a_condition_never_holds_is_told(condition: dict[str, Any], words: str):
    why = when(condition).why
    assert why is None or words in why.text


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (at("$.email", equals="a"), None),
        (at("$.order.total", equals=1), "optional"),
        (at("$.nothing", equals=1), "unmapped"),
        (at("$.order", equals=1), "wrong-type"),
        (at(STATUS, equals="none"), "status-value"),
        (at(STATUS, equals="exited"), "membership"),
        (at("$.email", exists=False), "always-there"),
        (at("$.order.total", exists=False), "optional"),
    ],
)
def test_why_a_condition_may_not_hold_is_told(condition: dict[str, Any], code: str | None):
    why = when(condition).why
    assert (why.code if why else None) == code


def test_where_no_message_meets_all_conditions_that_is_told_once_more():
    conditions = {"all": [at("$.order.total", equals=1)], "any": [NOTHING, at("$.no", equals=1)]}
    *_, whole = found(conditions=conditions)
    assert (whole.workflow, whole.kind, whole.name, whole.path) == ("W", "condition", "all", None)
    assert (whole.verdict, whole.holds, whole.severity) == (NEVER, NEVER, FAILURE)
    assert whole.why is not None
    assert (whole.why.code, "no message meets" in whole.why.text) == ("conditions", True)
    assert [f.name for f in found(conditions={"any": [NOTHING, EMAIL]})] == ["exists", "exists"]
    assert found() == []


FIELDS = [
    {"name": "email", "path": "$.email"},
    {"name": "total", "path": "$.order.total"},
    {"name": "order", "path": "$.order"},
    {"name": "ids", "path": "$.identityMap.Email"},
    {"name": "none", "path": "$.nothing"},
]


def piped(text: str, **workflow: Any) -> list[Finding]:  # noqa: ANN401  a workflow's keys
    task = {"name": "Mail", "type": "email", "settings": {"subject": text}}
    all_of_them = found(fields=FIELDS, tasks=[task], **workflow)
    return [finding for finding in all_of_them if finding.kind is Kind.SETTING]


@pytest.mark.parametrize(
    ("name", "path", "verdict", "code", "severity", "notes"),
    [
        ("email", "$.email", ALWAYS, None, NONE, []),
        ("total", "$.order.total", SOMETIMES, "optional", WARNING, []),
        ("order", "$.order", ALWAYS, None, NONE, ["its value is an object"]),
        ("ids", "$.identityMap.Email", ALWAYS, None, NONE, ["its value is a list", "with ident"]),
        ("none", "$.nothing", NEVER, "unmapped", FAILURE, []),
        ("unknown", None, NEVER, "no-field", FAILURE, []),
    ],
)
def test_a_piped_field_must_be_fed(
    name: str, path: str | None, verdict: str, code: str | None, severity: str, notes: list[str]
):
    (finding,) = piped(f"~{{aedj://{name}}}")
    assert (finding.workflow, finding.name, finding.field) == ("W", "Mail.subject", name)
    assert (finding.path, finding.verdict, finding.severity) == (path, verdict, severity)
    assert (finding.why.code if finding.why else None) == code
    assert finding.why is None or code != "no-field" or name in finding.why.text
    assert len(finding.notes) == len(notes)
    assert all(note.startswith(start) for note, start in zip(finding.notes, notes, strict=True))


def test_a_pipe_without_its_tilde_is_told_and_fails_nothing():
    (finding,) = piped("${aedj://email} and {aedj://email}")[:1]
    assert (finding.workflow, finding.name, finding.field) == ("W", "Mail.subject", None)
    assert (finding.path, finding.verdict, finding.severity) == (None, NEVER, WARNING)
    assert finding.why is not None
    assert finding.why.code == "literal"
    assert finding.why.text.startswith("${aedj://email} goes out as it is; ~{aedj://email} pipes")


def test_what_the_conditions_let_through_has_what_they_demand():
    (finding,) = piped("~{aedj://total}", conditions={"all": [at("$.order.total", exists=True)]})
    assert (finding.verdict, finding.severity) == (SOMETIMES, NONE)
    assert finding.notes == ("the conditions let only messages through that have it",)
    (other,) = piped("~{aedj://total}", conditions={"all": [at("$.order.total", exists=False)]})
    assert (other.severity, other.notes) == (WARNING, ())


def test_a_field_is_a_failure_only_where_a_task_pipes_it():
    task = {"name": "Mail", "type": "email", "settings": {"subject": "~{aedj://none}"}}
    names = ("email", "total", "order", "ids", "none")
    unused, used = found(fields=FIELDS), found(fields=FIELDS, tasks=[task])
    assert [f.name for f in unused] == [*names]
    assert [f.severity for f in unused] == [NONE, WARNING, NONE, NONE, WARNING]
    assert [f.severity for f in used] == [NONE, WARNING, NONE, NONE, FAILURE, FAILURE]
    assert {(f.workflow, f.kind) for f in unused} == {("W", Kind.FIELD)}
    assert [f.path for f in unused] == [field["path"] for field in FIELDS]
    assert [len(f.notes) for f in unused] == [0, 0, 1, 2, 0]
    assert [f.why.code if f.why else None for f in unused] == [
        None, "optional", None, None, "unmapped",
    ]  # fmt: skip
    conditions = {"all": [at("$.order.total", exists=True)]}
    guarded = found(fields=FIELDS, conditions=conditions)[1]
    assert (guarded.severity, len(guarded.notes)) == (NONE, 1)


def rows(*profiles: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    ids = {"identityMap": {"Email": [{"id": "a"}]}}
    return [(f"p:{number}", {**ids, **profile}) for number, profile in enumerate(profiles, 1)]


def test_of_rows_the_first_is_told_of_which_it_does_not_hold():
    both = rows({"total": 9}, {"total": 1}, {})
    finding = when(at("$.order.total", greater_than=5), rows=both)
    assert (finding.verdict, finding.holds) == (SOMETIMES, SOMETIMES)
    assert finding.why is not None
    assert finding.why.text.startswith("certain in 2 of 3 exported rows; p:3: ")
    never = when(at("$.order.total", greater_than=5), rows=rows({"total": 1}, {"total": 2}))
    assert (never.verdict, never.holds, never.severity) == (ALWAYS, NEVER, FAILURE)
    assert never.why is not None
    assert never.why.text.startswith(
        "in none of 2 exported rows; p:1: $.order.total is a number, but none"
    )


def test_of_rows_the_first_that_has_it_says_what_it_is():
    profiles = rows({"number": [1]}, {"number": {}}, {"number": 7})
    (finding,) = found(profiles, fields=[{"name": "number", "path": "$.order"}])[:1]
    assert finding.notes == ("its value is an object, which a pipe writes as JSON",)


def test_of_several_places_the_first_says_what_the_value_is():
    either = [{"name": "either", "path": "$['email','order']"}]
    assert [len(finding.notes) for finding in found(fields=either)] == [0]
    lacking_first = rows({"number": 7}, {"number": 7, "email": "a"})
    assert found(lacking_first, fields=either)[0].notes != ()


def test_where_keys_are_targets_the_other_setting_is_named():
    raw = {"identities": [{"source": "Email", "target": "mail"}], "identity_map_keys": "target"}
    table = {"name": "W", "fields": [{"name": "id", "path": "$.identityMap.mail[0].id"}]}
    ((finding,), _) = judge(MappedDataflow.from_mapping(raw), [table])
    (note,) = finding.notes
    assert note.startswith('with identity_map_keys = "source" it is never fed')


def test_what_a_dataflow_promises_and_a_row_lacks_is_a_warning():
    table = {"name": "W", "fields": [{"name": "email", "path": "$.email"}]}
    lacking = rows({"number": 7}, {"email": "a"}, {})
    findings, count = judge(FLOW, [table], lacking)
    assert count == 3
    assert findings[1:] == [
        Finding("(dataflow)", Kind.DECLARATION, f"always_present of {name}", None, SOMETIMES,
                Why("optional", f"{label}: it has no {name}"), WARNING)
        for name, label in (("email", "p:1"), ("number", "p:2"))
    ]  # fmt: skip
    assert judge(FLOW, [table], [("p:1", {})]) == ([], 0)
