"""What a change breaks, and for whom, one change each."""

import copy
import re
from typing import Any

import pytest

from contracts.compatibility.changes.change import CannotCompareError, Change, Whom
from contracts.compatibility.changes.comparison import Kind, changes, kind_of, same_kind

NAMES = ("old", "new")
URL = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x"
FLOW: dict[str, Any] = {
    "name": "F",
    "url": URL,
    "username": "dave#brand",
    "attributes": [
        {"source": "a", "target": "a", "always_present": True},
        {"source": "b", "target": "b"},
    ],
    "identities": [{"source": "Email", "target": "email"}],
    "audiences": [{"id": "a-1", "start_date": "2026-01-01"}],
}
WORKFLOW: dict[str, Any] = {
    "name": "W",
    "fields": [{"name": "a", "path": "$.a"}, {"name": "b", "path": "$.b"}],
    "conditions": {"all": [{"path": "$.n", "at_least": 3}]},
    "tasks": [{"name": "Mail", "type": "email", "settings": {"subject": "~{aedj://a}"}}],
}
ECID = {"source": "ECID", "target": "external_id"}
WORK = {"source": "Work", "target": "email"}
B_SURE = {"source": "b", "target": "b", "always_present": True}
LATER, EARLIER = ({"id": "a-1", "start_date": f"{year}-01-01"} for year in (2027, 2025))
SERVICE = {"name": "Call", "type": "web_service", "settings": {"url": "http://127.0.0.1:1/"}}


def told(kind: Kind, old: Any, new: Any) -> list[tuple[str | None, str]]:  # noqa: ANN401  documents
    found = changes(kind, NAMES, old, new)
    return [(change.breaks, f"{change.place}: {change.text}") for change in found]


def flow(**other: Any) -> dict[str, Any]:  # noqa: ANN401  a dataflow's keys
    return {**copy.deepcopy(FLOW), **other}


@pytest.mark.parametrize(
    ("old", "new", "breaks", "words"),
    [
        (flow(), flow(name="G", description="D"), None, ""),
        (flow(), flow(attributes=FLOW["attributes"][1:]), "receiver", "attribute a: no message"),
        (
            flow(),
            flow(attributes=[{**FLOW["attributes"][0], "target": "c"}, FLOW["attributes"][1]]),
            "receiver",
            "a is mapped to c now",
        ),
        (
            flow(),
            flow(attributes=[{**FLOW["attributes"][0], "source": "z"}, FLOW["attributes"][1]]),
            "receiver",
            "it comes from z in place of a",
        ),
        (
            flow(),
            flow(attributes=[{"source": "a", "target": "a"}, FLOW["attributes"][1]]),
            "receiver",
            "no longer said to be always present",
        ),
        (flow(), flow(attributes=[FLOW["attributes"][0], B_SURE]), None, "from now on"),
        (
            flow(),
            flow(attributes=[*FLOW["attributes"], {"source": "c", "target": "c"}]),
            None,
            "messages may have it",
        ),
        (flow(), flow(identity_map_keys="target"), "receiver", "has other keys now: email"),
        (flow(), flow(identities=[ECID]), "receiver", "identity Email: no message has it"),
        (flow(), flow(identities=[*FLOW["identities"], ECID]), "receiver", "has no Email in its"),
        (
            flow(identity_map_keys="target"),
            flow(identity_map_keys="target", identities=[*FLOW["identities"], WORK]),
            None,
            "profiles that have only this one are exported too",
        ),
        (
            flow(identity_map_keys="target"),
            flow(identity_map_keys="target", identities=[WORK, *FLOW["identities"]]),
            "receiver",
            "their order",
        ),
        (
            flow(),
            flow(identities=[{"source": "Email", "target": "external_id"}]),
            "receiver",
            "its target is external_id in place of email",
        ),
        (flow(), flow(audiences=[]), "receiver", "audience a-1: it is not exported any more"),
        (flow(audiences=[]), flow(), "receiver", "only members of mapped audiences"),
        (flow(), flow(audiences=[*FLOW["audiences"], {"id": "a-2"}]), None, "audience a-2"),
        (flow(), flow(audiences=[LATER]), "receiver", "on fewer days"),
        (flow(), flow(audiences=[EARLIER]), None, "on more days"),
        (flow(), flow(activation={"identity_changes": False}), "receiver", "not exported any more"),
        (flow(activation={"identity_changes": False}), flow(), None, "exported from now on"),
        (flow(), flow(consent={"granted": ["y"]}), "receiver", "dy no longer grants an export"),
        (flow(), flow(consent={"paths": ["optIn"]}), "receiver", "optIn counts"),
        (flow(), flow(consent={"paths": []}), None, "more profiles count as consenting"),
        (flow(), flow(consent={"id_specific": False}), None, "more profiles count as consenting"),
        (flow(), flow(url=f"{URL}2"), "receiver", "it names another workflow"),
        (flow(), flow(url=URL.replace("8084", "9000")), None, "called at another address"),
        (flow(), flow(username="eve#brand"), None, "the token of another user is needed"),
    ],
)
def test_a_change_of_a_dataflow(old: Any, new: Any, breaks: str | None, words: str):  # noqa: ANN401
    judge(told(Kind.DATAFLOW, old, new), breaks, words)


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        (flow(), flow(attributes=FLOW["attributes"][1:]), ["attribute a"]),
        (flow(attributes=FLOW["attributes"][1:]), flow(), ["attribute a"]),
        (flow(), flow(attributes=[B_SURE]), ["attribute a", "attribute b"]),
        (
            flow(attributes=[B_SURE]),
            flow(attributes=[{"source": "z", "target": "b"}]),
            ["attribute b", "attribute b"],
        ),
        (flow(), flow(identity_map_keys="target"), ["identity_map_keys"]),
        (flow(), flow(identities=[ECID]), ["identity Email", "identity ECID"]),
        (
            flow(identity_map_keys="target", identities=[WORK]),
            flow(identity_map_keys="target", identities=[WORK, *FLOW["identities"]]),
            ["identity Email"],
        ),
        (
            flow(identities=[ECID, WORK]),
            flow(identities=[WORK, ECID]),
            ["identities"],
        ),
        (
            flow(),
            flow(identities=[{"source": "Email", "target": "external_id"}]),
            ["identity Email"],
        ),
        (flow(), flow(audiences=[]), ["audience a-1"]),
        (flow(audiences=[]), flow(), ["audiences"]),
        (flow(), flow(audiences=[*FLOW["audiences"], {"id": "a-2"}]), ["audience a-2"]),
        (flow(), flow(audiences=[LATER]), ["audience a-1"]),
        (flow(), flow(audiences=[EARLIER]), ["audience a-1"]),
        (flow(), flow(activation={"identity_changes": False}), ["activation identity_changes"]),
        (flow(activation={"audience_changes": False}), flow(), ["activation audience_changes"]),
        (flow(), flow(consent={"granted": ["y"]}), ["consent"] * 6),
        (flow(), flow(consent={"paths": []}), ["consent"]),
        (flow(), flow(url=f"{URL}2", username="eve#brand"), ["url", "username"]),
        (flow(), flow(url=URL.replace("8084", "9000")), ["url"]),
        (flow(url="http://[1"), flow(url="http://[1"), []),
        (flow(url="http://[1"), flow(url="http://[2"), ["url"]),
    ],
)
def test_a_change_is_told_of_the_place_in_the_file_where_it_is(
    old: Any,  # noqa: ANN401  a dataflow
    new: Any,  # noqa: ANN401  a dataflow
    places: list[str],
):
    assert [change.place for change in changes(Kind.DATAFLOW, NAMES, old, new)] == places


def test_what_is_told_names_all_that_it_is_about():
    ids = flow(identities=[ECID, *FLOW["identities"]])
    (by_target,) = changes(Kind.DATAFLOW, NAMES, ids, {**ids, "identity_map_keys": "target"})
    assert "has other keys now: external_id, email (" in by_target.text
    (more,) = changes(Kind.DATAFLOW, NAMES, ids, {**ids, "identities": [*ids["identities"], WORK]})
    assert "has no ECID or Email in its identityMap" in more.text
    (gone,) = changes(Kind.DATAFLOW, NAMES, flow(), flow(attributes=FLOW["attributes"][1:]))
    assert gone.text == "no message has it any more"
    (entered,) = changes(
        Kind.DATAFLOW, NAMES, flow(), flow(audiences=[*FLOW["audiences"], {"id": "a-2"}])
    )
    assert "its members are exported too" in entered.text


def judge(found: list[tuple[str | None, str]], breaks: str | None, words: str) -> None:
    assert {whom for whom, _ in found if whom} == ({breaks} if breaks else set())
    assert not words or any(words in text for whom, text in found if whom == breaks), found
    assert words or not found


def workflow(**other: Any) -> dict[str, Any]:  # noqa: ANN401  a workflow's keys
    return {"workflows": [{**copy.deepcopy(WORKFLOW), **other}]}


def when(*members: Any, kind: str = "all") -> dict[str, Any]:  # noqa: ANN401  conditions
    return workflow(conditions={kind: list(members)})


def mail(text: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401  a task's keys
    task = {"name": "Mail", "type": "email", "settings": {"subject": text}, **other}
    return workflow(tasks=[task])


def below(limit: int) -> dict[str, Any]:
    return workflow(conditions={"all": [{"path": "$.n", "less_than": limit}]}, tasks=[])


def reading_b(text: str) -> dict[str, Any]:
    task = {"name": "Mail", "type": "email", "settings": {"subject": text}}
    return workflow(conditions={"all": [{"path": "$.b", "exists": True}]}, tasks=[task])


N = "$.n"
AT_LEAST_3 = {"path": N, "at_least": 3}
VIP = {"path": "$.vip", "equals": True}


@pytest.mark.parametrize(
    ("old", "new", "breaks", "words"),
    [
        (workflow(), workflow(), None, ""),
        (workflow(), {"workflows": [{"name": "V"}]}, "sender", "workflow W: it is gone"),
        (workflow(), {"workflows": [WORKFLOW, {"name": "V"}]}, None, "workflow V: it is new"),
        (workflow(), workflow(enabled=False), "sender", "it is disabled"),
        (workflow(), workflow(draft=True), "sender", "it is a draft"),
        (workflow(draft=True), workflow(), None, "calls start runs from now on"),
        (workflow(require_authentication=False), workflow(), "sender", "demands a credential"),
        (workflow(), workflow(require_authentication=False), None, "anybody who knows its URL"),
        (workflow(), mail("~{aedj://a} ~{aedj://b}"), "sender", "a message without $.b"),
        (workflow(), mail("~{aedj://c}"), "sender", "the workflow has no such field"),
        (workflow(), mail("Hello"), None, ""),
        (workflow(), workflow(fields=WORKFLOW["fields"][::-1]), None, ""),
        (
            workflow(),
            workflow(fields=[{"name": "a", "path": "$.z"}]),
            "sender",
            "it fails for a message without $.z",
        ),
        (workflow(), when(AT_LEAST_3, VIP), "sender", 'demand that $.vip equals true'),
        (workflow(), when({"path": N, "at_least": 4}), "sender", "may run none"),
        (mail("Hi"), mail("Hi") | {"workflows": [{**mail("Hi")["workflows"][0],
          "conditions": {"all": [{"path": N, "at_least": 2}]}}]}, None, "more messages"),
        (workflow(), when({"path": N, "at_least": 2}), "sender", "fail without $.a"),
        (workflow(), workflow(conditions={}), "sender", "messages that ran no task before"),
        (when(AT_LEAST_3, kind="any"), when(AT_LEAST_3), None, ""),
        (when(AT_LEAST_3, VIP), when(VIP, AT_LEAST_3), None, ""),
        (when(AT_LEAST_3), when(AT_LEAST_3, {"path": N, "exists": True}), None, ""),
        (workflow(), workflow(tasks=[*WORKFLOW["tasks"], SERVICE]), "sender", "whose failure"),
        (workflow(), workflow(tasks=[]), None, "it has no task \"Mail\" any more"),
        (below(3), below(4), None, "more messages run its tasks"),
        (below(4), below(3), "sender", "may run none"),
        (reading_b("Hi"), reading_b("~{aedj://b}"), None, ""),
        (mail("Hi"), mail("Hi", fail_first=1), "sender", "fails on purpose more often"),
        (workflow(retry_tasks=True), workflow(), "sender", "failed tasks are not retried"),
        (workflow(), workflow(retry_tasks=True), None, "retry_tasks is true, where it was false"),
    ],
)  # fmt: skip
def test_a_change_of_a_workflow(old: Any, new: Any, breaks: str | None, words: str):  # noqa: ANN401
    judge(told(Kind.WORKFLOWS, old, new), breaks, words)


TEXT = {"type": "string"}


def an_object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401  schemas
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (an_object(a=TEXT), {**an_object(a=TEXT), "title": "T", "x-note": 1}, None),
        (
            {"type": "object", "required": ["a"]},
            {"required": ["a"], "type": "object", "minProperties": 1},
            None,
        ),
        (
            an_object(a=TEXT),
            {**an_object(a=TEXT), "required": ["a"]},
            "$.a: the new schema",
        ),
        (
            an_object(a={"type": ["string", "number"]}),
            an_object(a=TEXT),
            "$.a: the new schema",
        ),
        (an_object(a={"type": "number"}), an_object(a={"type": "integer"}), "takes no number"),
        (TEXT, {**TEXT, "maxLength": 3}, "takes at most 3 characters"),
        (TEXT, {**TEXT, "minLength": 1}, "demands at least 1 character"),
        (TEXT, {**TEXT, "pattern": "^a"}, "demands the pattern ^a"),
        ({**TEXT, "pattern": "^a"}, {**TEXT, "pattern": "^b"}, "demands the pattern ^b"),
        ({"minimum": 1}, {"exclusiveMinimum": 1}, "demands at least beyond 1"),
        ({"maximum": 2}, {"maximum": 1}, "demands at most 1"),
        ({}, {"multipleOf": 2}, "demands a multiple of 2"),
        ({}, {"uniqueItems": True}, "items that all differ"),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, 'does not take "b"'),
        ({"const": 1}, {"type": "string"}, "does not take 1"),
        ({"type": "string"}, {"enum": ["a"]}, "takes only some values"),
        (
            an_object(),
            {**an_object(), "additionalProperties": False},
            "takes nothing",
        ),
        ({"items": TEXT}, {"items": {"type": "null"}}, "$[*]: the new schema takes no string"),
        ({}, {"propertyNames": {"maxLength": 2}}, "$ (names): the new schema takes at most 2"),
        ({"anyOf": [TEXT, {"type": "null"}]}, {"anyOf": [TEXT]}, "none of the alternatives"),
        ({"type": "object"}, {"allOf": [{"minProperties": 1}]}, "at least 1 member"),
        (
            {"$ref": "#/$defs/a", "$defs": {"a": TEXT}},
            {"$ref": "#/$defs/a", "$defs": {"a": {"type": "null"}}},
            "takes no string",
        ),
    ],
)
def test_a_narrower_schema_breaks_the_sender_and_a_wider_one_the_receiver(
    old: Any,  # noqa: ANN401  a schema
    new: Any,  # noqa: ANN401  a schema
    words: str | None,
):
    narrower, wider = told(Kind.SCHEMA, old, new), told(Kind.SCHEMA, new, old)
    if words is None:
        assert narrower == wider == []
        return
    assert any(whom == "sender" and words in text for whom, text in narrower), narrower
    words = words.replace("the new schema", "only the old schema")
    assert any(whom == "receiver" and words in text for whom, text in wider), wider


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"not": TEXT}, {}, "$: the keyword not cannot be compared"),
        (an_object(a={"oneOf": [TEXT]}), an_object(), "$.a: the keyword oneOf cannot be compared"),
        (
            {"contains": TEXT},
            {"contains": TEXT, "minContains": 2},
            "minContains cannot",
        ),
        ({"$ref": "other.json"}, {}, "leads out of the file"),
        ({"$ref": "#/$defs/none"}, {}, "leads nowhere"),
        ({"$ref": "#here"}, {}, "is an anchor"),
        ({"$ref": "#"}, {}, "leads to itself"),
        ({"type": "strnig"}, {}, "old: $.type: no valid JSON Schema"),
        ({}, {"$schema": "http://json-schema.org/draft-07/schema#"}, "new: its dialect is"),
    ],
)
def test_what_cannot_be_compared_is_an_error_and_never_silence(old: Any, new: Any, words: str):  # noqa: ANN401
    with pytest.raises(CannotCompareError) as caught:
        changes(Kind.SCHEMA, NAMES, old, new)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("reference", "before"),
    [
        ("#/$defs/a~1b", {"$defs": {"a/b": TEXT}}),
        ("#/$defs/a~0b", {"$defs": {"a~b": TEXT}}),
        ("#/$defs/a%25b", {"$defs": {"a%b": TEXT}}),
        ("#/$defs/a/anyOf/1", {"$defs": {"a": {"anyOf": [{}, TEXT]}}}),
    ],
)
def test_a_reference_is_followed_as_a_json_pointer(reference: str, before: dict[str, Any]):
    old = {**before, "properties": {"x": {"$ref": reference}}}
    new = {**before, "properties": {"x": {"type": "null"}}}
    assert any(
        "$.x: the new schema takes no string" in text for _, text in told(Kind.SCHEMA, old, new)
    )


def test_a_schema_that_contains_itself_is_compared():
    tree = {**an_object(next={"$ref": "#"}), "additionalProperties": False}
    assert changes(Kind.SCHEMA, NAMES, tree, copy.deepcopy(tree)) == []
    fewer = {**tree, "maxProperties": 0}
    places = {change.place for change in changes(Kind.SCHEMA, NAMES, tree, fewer)}
    assert "$" in places


def test_a_property_may_have_the_name_of_an_annotation():
    old, new = an_object(title=TEXT), an_object(title={"type": "null"})
    assert [change.place for change in changes(Kind.SCHEMA, NAMES, old, new)] == ["$.title"] * 2


def test_two_workflows_of_one_name_cannot_be_matched():
    twice = {"workflows": [WORKFLOW, WORKFLOW]}
    with pytest.raises(CannotCompareError, match="2 workflows in the new file are called 'W'"):
        changes(Kind.WORKFLOWS, NAMES, workflow(), twice)


def test_documents_are_told_by_their_keys():
    assert kind_of("f", FLOW) is Kind.DATAFLOW
    assert kind_of("f", {"workflows": []}) is Kind.WORKFLOWS
    assert kind_of("f", True) is kind_of("f", {"type": "object"}) is Kind.SCHEMA
    assert kind_of("f", {"url": URL, "username": "dave#brand"}) is Kind.DATAFLOW
    assert kind_of("f", {"identities": []}) is Kind.DATAFLOW
    of_workflows = {"$schema": "x", "properties": {}, "workflows": []}
    assert kind_of("f", of_workflows) is Kind.SCHEMA
    assert same_kind(NAMES, FLOW, FLOW) is Kind.DATAFLOW
    with pytest.raises(CannotCompareError, match="old is a dataflow, and new is a"):
        same_kind(NAMES, FLOW, {})
    for name, documents in (("old", (3, FLOW)), ("new", (FLOW, 3))):
        with pytest.raises(CannotCompareError, match=f"^{name}: neither.*; expected a dataflow"):
            same_kind(NAMES, *documents)
    for other in (3, [], {"name": "F"}, {"url": URL}, {"username": "dave#brand"}):
        with pytest.raises(CannotCompareError, match="f: neither of what can be compared"):
            kind_of("f", other)


def test_a_change_is_told_to_programs():
    change = Change("attribute a", "no message has it any more")
    assert change.to_mapping() == {
        "place": "attribute a",
        "whom": None,
        "sentence": "no message has it any more",
    }
    assert Change("audiences", "other", Whom.RECEIVER).to_mapping()["whom"] == "receiver"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"not": {"const": 1}}, {"not": {"const": 1.0}}),
        ({"oneOf": [{"minimum": 0}, TEXT]}, {"oneOf": [{"minimum": 0.0}, TEXT]}),
        ({"enum": [1, [2, 3]]}, {"enum": [1.0, [2.0, 3]]}),
        ({"multipleOf": 2}, {"multipleOf": 2.0}),
    ],
)
def test_a_number_that_is_written_in_another_way_changes_no_schema(one: Any, other: Any):  # noqa: ANN401
    assert told(Kind.SCHEMA, one, other) == told(Kind.SCHEMA, other, one) == []


def test_consents_in_another_order_are_the_same():
    consents = ({"granted": ["y", "VI"]}, {"granted": ["VI", "y", "y"]})
    assert told(Kind.DATAFLOW, *({**FLOW, "consent": consent} for consent in consents)) == []


NOWHERE = {"$ref": "#/$defs/a"}
OUTSIDE = {"properties": {"a": {"items": {"$ref": "other.json"}}}}
WITHIN = {"properties": {"a": {"$id": "b", "$ref": "#/$defs/q", "$defs": {"q": TEXT}}}}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (NOWHERE, "#/$defs/a leads nowhere"),
        ({"$defs": {"b": {"allOf": [NOWHERE]}}}, "#/$defs/a leads nowhere"),
        (OUTSIDE, "other.json leads out of the file"),
        ({"$ref": "#"}, "leads to itself"),
        (WITHIN, "an $id of its own, b"),
        ({"$ref": "#x", "$defs": {"a": {"$anchor": "x"}}}, "#x is an anchor"),
    ],
)
def test_what_is_not_in_the_file_is_an_error_even_where_both_files_are_the_same(
    schema: dict[str, Any], words: str
):
    with pytest.raises(CannotCompareError, match=re.escape(words)):
        changes(Kind.SCHEMA, NAMES, schema, schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"const": OUTSIDE},
        {"enum": [NOWHERE]},
        {"default": NOWHERE, "examples": [OUTSIDE], "x-note": NOWHERE},
        {"properties": {"$ref": TEXT, "$id": TEXT}},
        {"$id": "https://example.com/s", "$ref": "#/$defs/a~1b%25", "$defs": {"a/b%": TEXT}},
        {"allOf": [TEXT], "properties": {"z": {"$ref": "#/allOf/0"}}},
    ],
)
def test_what_only_looks_like_a_reference_is_none(schema: dict[str, Any]):
    assert changes(Kind.SCHEMA, NAMES, schema, schema) == []


def test_a_schema_that_is_nested_too_deeply_is_an_error():
    old, new = TEXT, {"type": "null"}
    for _ in range(200):
        old, new = an_object(a=old), an_object(a=new)
    with pytest.raises(CannotCompareError, match=r"^old or new is nested too deeply$"):
        changes(Kind.SCHEMA, NAMES, old, new)


def part(number: int) -> dict[str, Any]:
    return {"$ref": f"#/$defs/p{number}"}


def test_of_very_many_places_it_is_said_that_not_all_are_listed():
    parts = {f"p{n}": an_object(**dict.fromkeys("abcdefghij", part(n - 1))) for n in (1, 2, 3)}
    old, new = ({**part(3), "$defs": {**parts, "p0": leaf}} for leaf in (TEXT, {"type": "null"}))
    bound = "$: only the first 1,000 of these places are listed"
    found = [line for line in told(Kind.SCHEMA, old, new) if line[1] == bound]
    assert found == [("sender", bound), ("receiver", bound)]


@pytest.mark.parametrize("keyword", ["pattern", "minLength", "minimum", "if", "prefixItems"])
def test_any_keyword_makes_a_schema(keyword: str):
    assert kind_of("f", {keyword: 1}) is Kind.SCHEMA


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (
            {},
            {"start_date": "2026-02-01"},
            "from 2026-02-01, where it was exported on every day: on fewer days",
        ),
        (
            {"start_date": "2026-02-01", "end_date": "2026-03-01"},
            {"end_date": "2026-03-01"},
            "to 2026-03-01, where it was exported from 2026-02-01 to 2026-03-01: on more days",
        ),
        (
            {"end_date": "2026-03-01"},
            {"start_date": "2026-03-01"},
            "from 2026-03-01, where it was exported to 2026-03-01: on fewer days",
        ),
    ],
)
def test_the_days_of_an_audience_are_told(old: dict[str, str], new: dict[str, str], text: str):
    flows = (flow(audiences=[{"id": "a", **days}]) for days in (old, new))
    ((_, told_text),) = told(Kind.DATAFLOW, *flows)
    assert told_text == f"audience a: it is exported {text} (A-EXP-6)"
