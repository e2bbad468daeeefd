"""What `breaking` calls safe, held to the real sender, the mock's own reading, and a validator."""

import copy
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contracts.compatibility.certainty import ALWAYS
from contracts.compatibility.changes.change import CannotCompareError, Whom
from contracts.compatibility.changes.comparison import Kind, changes
from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.messages.message_shape import message_shape
from contracts.compatibility.shape import Array, Object, Shape
from contracts.dataflow_rules import rule_violations
from contracts.strategies import dataflows, profiles
from mock_qualtrics.events.conditions import condition_from
from mock_qualtrics.events.field_piping import pick, pipe
from mock_qualtrics.events.json_path import Path
from mock_qualtrics.tenants.key_case import camel_case
from sender.dataflow import Dataflow
from sender.mapping import Mapper
from sender.mapping.activation import Export, decide

MOST = settings.default.max_examples  # of the profile that is chosen

Json = Any
NAMES = ("old", "new")
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def broken(kind: Kind, old: Json, new: Json) -> set[Whom]:
    return {change.breaks for change in changes(kind, NAMES, old, new) if change.breaks}


# Dataflows


@st.composite
def changed_dataflows(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    old = draw(dataflows())
    old["audiences"] = [{"id": audience["id"]} for audience in old["audiences"]]
    other, new = draw(dataflows()), copy.deepcopy(old)
    for _ in range(draw(st.integers(1, 3))):
        edit(draw, new, other)
    assume(not list(rule_violations(new)))
    return old, new


def edit(draw: st.DrawFn, new: dict[str, Any], other: dict[str, Any]) -> None:
    table = draw(st.sampled_from(["attributes", "identities", "audiences"]))
    match draw(st.sampled_from(["add", "add", "add", "drop", "swap", "replace", "key", "start"])):
        case "add":
            new[table] = [*new[table], *other[table][:1]]
        case "drop":
            new[table] = new[table][1:] or new[table]
        case "swap":
            new[table] = new[table][::-1]
        case "replace" if new[table]:
            entry = dict(new[table][0])
            name = draw(st.sampled_from(sorted(entry)))
            fresh = other[table][0] if other[table] else entry
            entry[name] = fresh.get(name, not entry[name])
            new[table] = [entry, *new[table][1:]]
        case "key":
            new["identity_map_keys"] = other["identity_map_keys"]
        case "start" if new["audiences"]:
            start = draw(st.sampled_from(["2026-02-01", "2026-04-01"]))
            new["audiences"][0]["start_date"] = start


def put(tree: dict[str, Any], path: list[str], value: object) -> None:
    *parents, leaf = path
    for name in parents:
        tree = tree.setdefault(name, {}) if isinstance(tree.setdefault(name, {}), dict) else {}
    tree.setdefault(leaf, value)


def keeps_the_word_of(flow: dict[str, Any], profile: Json) -> bool:
    return all(
        isinstance(at(profile, attribute["source"]), str | int | float)
        for attribute in flow["attributes"]
        if attribute.get("always_present")
    )


def at(value: Json, path: str) -> Json:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def exported(flow: dict[str, Any], profile: Json) -> Json | None:
    decision = decide(None, profile, Mapper(Dataflow.from_mapping(flow)), NOW)
    return decision.content.to_message() if isinstance(decision, Export) else None


def has_all_of(message: Json, earlier: Json) -> bool:
    if isinstance(earlier, dict):
        return all(k in message and has_all_of(message[k], v) for k, v in earlier.items())
    if isinstance(earlier, list):
        return list(message[: len(earlier)]) == earlier
    return type(message) is type(earlier) and message == earlier


def always(shape: Shape, path: str = "$") -> Iterator[str]:
    yield path
    if isinstance(shape, Object):
        for name, member in shape.present.items():
            if member.presence is ALWAYS:
                yield from always(member.shape, f"{path}[{json.dumps(name)}]")
    elif isinstance(shape, Array) and shape.first:
        yield from always(shape.first[0], f"{path}[0]")


@st.composite
def complete_profiles(draw: st.DrawFn, old: dict[str, Any], new: dict[str, Any]) -> Json:
    """A profile that has what the new dataflow says is always present, and mostly is exported."""
    profile = draw(profiles(new, hashed_emails=True))
    for attribute in new["attributes"]:
        if attribute.get("always_present"):
            put(profile, attribute["source"].split("."), "x")
    for identity in (new["identities"][-1], old["identities"][-1]):
        if draw(st.booleans()):
            profile["identityMap"].setdefault(identity["source"], []).append({"id": "d"})
    for audience in old["audiences"][:1]:
        member = {"lastQualificationTime": "2026-01-01T00:00:00Z", "status": "realized"}
        profile["segmentMembership"]["ups"].setdefault(audience["id"], member)
    assume(keeps_the_word_of(new, profile))
    return profile


@settings(max_examples=MOST // 3)
@given(changed_dataflows(), st.data())
def test_a_safe_change_of_a_dataflow_takes_nothing_from_any_message(
    pair: tuple[dict[str, Any], dict[str, Any]], data: st.DataObject
):
    old, new = pair
    if broken(Kind.DATAFLOW, old, new):
        return
    profile = data.draw(complete_profiles(old, new))
    earlier, message = exported(old, profile), exported(new, profile)
    if earlier is not None:
        assert message is not None
        assert has_all_of(message, earlier)
    if message is not None:
        for path in always(message_shape(MappedDataflow.from_mapping(old))):
            assert Path(path).values(message), path


# Workflows

PATHS = ("$.a", "$.b", "$.c.d", "$..id", "$.a[0]")
PREDICATES = st.one_of(
    st.tuples(st.sampled_from(PATHS), st.just("exists"), st.booleans()),
    st.tuples(
        st.sampled_from(PATHS),
        st.sampled_from(["equals", "not_equals", "less_than", "at_most", "at_least", "contains"]),
        st.sampled_from([1, 2, "x", "y"]),
    ),
).map(lambda one: {"path": one[0], one[1]: one[2]})
CONDITIONS = st.dictionaries(
    st.sampled_from(["all", "any"]),
    st.lists(
        st.one_of(PREDICATES, PREDICATES, st.just({"any": [{"path": "$.a", "exists": True}]})),
        min_size=1,
        max_size=2,
    ),
)
FIELDS = st.lists(
    st.sampled_from(PATHS).map(lambda path: {"name": f"f{path[2:3]}", "path": path}),
    max_size=3,
    unique_by=lambda field: field["name"],
)
TASKS = st.lists(
    st.sampled_from(["nothing", "~{aedj://fa}", "~{aedj://fb} ~{aedj://fc}", "~{aedj://f.}"]).map(
        lambda text: {"name": text, "type": "email", "settings": {"subject": text}}
    ),
    max_size=2,
)
MEMBERS = st.sampled_from([1, 2, 3, "x", "xy", True])
MESSAGES = st.fixed_dictionaries(
    {},
    optional={"a": MEMBERS | st.just([1]), "b": MEMBERS, "c": st.just({"d": 1}), "id": MEMBERS},
)


@st.composite
def changed_workflows(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    parts: dict[str, st.SearchStrategy[Any]] = {
        "fields": FIELDS,
        "conditions": CONDITIONS,
        "tasks": TASKS,
        "enabled": st.just(True),
    }
    old = {"name": "W", **{name: draw(part) for name, part in parts.items()}}
    name = draw(st.sampled_from(["fields", "conditions", "conditions", "tasks", "enabled"]))
    new = {**old, name: draw(parts[name])}
    if name == "conditions" and draw(st.booleans()):
        kind, extra = draw(st.sampled_from(["all", "any"])), draw(PREDICATES)
        was = old["conditions"]
        new["conditions"] = {**was, kind: [*was.get(kind, ()), extra]}
    if draw(st.booleans()):
        old, new = new, old
    return old, new


def outcome(workflow: Mapping[str, Any], message: Json) -> tuple[bool, bool]:
    """Return whether the mock runs the tasks of a message, and whether one of them fails."""
    conditions = in_camel_case(workflow["conditions"])
    if conditions and not condition_from(conditions).holds(message):
        return False, False
    fields = [(field["name"], Path(field["path"])) for field in workflow["fields"]]
    values = pick(fields, message)
    reasons = [reason for t in workflow["tasks"] for reason in pipe(t["settings"], values, {})[1]]
    return True, bool(reasons)


def in_camel_case(value: Json) -> Json:
    if isinstance(value, dict):
        return {camel_case(key): in_camel_case(inner) for key, inner in value.items()}
    return [in_camel_case(item) for item in value] if isinstance(value, list) else value


@given(changed_workflows(), st.lists(MESSAGES, min_size=3, max_size=6))
def test_a_safe_change_of_a_workflow_fails_no_message_that_succeeded(
    pair: tuple[dict[str, Any], dict[str, Any]], messages: list[Json]
):
    old, new = pair
    if broken(Kind.WORKFLOWS, {"workflows": [old]}, {"workflows": [new]}):
        return
    for message in messages:
        ran, failed = outcome(old, message)
        runs, fails = outcome(new, message)
        assert failed or not fails
        assert failed or not ran or runs


# Schemas

VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 2.5, 7, "", "a", "ab", "abc", "b-1"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=5,
)
TYPES = ["string", "number", "integer", "object", "array", "boolean", "null"]


@st.composite
def schemas(draw: st.DrawFn, depth: int = 2) -> Json:
    if draw(st.integers(0, 9)) == 0:
        return draw(st.booleans())
    inner = schemas(depth - 1) if depth else st.sampled_from([True, {"type": "string"}])
    counts = st.integers(0, 3)
    keywords: dict[str, st.SearchStrategy[Any]] = {
        "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, unique=True),
        "minLength": counts,
        "maxLength": counts,
        "pattern": st.sampled_from(["^a", "^a*$"]),
        "minimum": counts,
        "exclusiveMinimum": counts,
        "maximum": counts,
        "exclusiveMaximum": counts,
        "multipleOf": st.sampled_from([1, 2]),
        "enum": st.lists(VALUES, min_size=1, max_size=3),
        "const": VALUES,
        "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
        "required": st.lists(st.sampled_from("abc"), unique=True, max_size=2),
        "additionalProperties": inner,
        "propertyNames": st.sampled_from([{"pattern": "^a"}, {"maxLength": 0}, {"enum": ["a"]}]),
        "minProperties": counts,
        "maxProperties": counts,
        "items": inner,
        "minItems": counts,
        "maxItems": counts,
        "uniqueItems": st.booleans(),
        "anyOf": st.lists(inner, min_size=1, max_size=2),
        "allOf": st.lists(inner, min_size=1, max_size=2),
        "not": inner,
        "oneOf": st.lists(inner, min_size=1, max_size=2),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b|c"]), inner, max_size=2),
        "prefixItems": st.lists(inner, min_size=1, max_size=2),
        "contains": inner,
        "dependentRequired": st.just({"a": ["b"]}),
        "if": inner,
        "then": inner,
        "$ref": st.sampled_from(["#/$defs/x", "#"]) if not depth else st.just("#/$defs/x"),
        "description": st.just("words"),
    }
    names = draw(st.lists(st.sampled_from(sorted(keywords)), max_size=3, unique=True))
    return {name: draw(keywords[name]) for name in names}


@st.composite
def changed_schemas(draw: st.DrawFn) -> tuple[Json, Json]:
    definition = draw(schemas(0).filter(lambda s: "$ref" not in json.dumps(s)))
    old = draw(schemas().filter(lambda s: isinstance(s, dict)))
    new = copy.deepcopy(old)
    if draw(st.booleans()):
        extra = draw(schemas().filter(lambda s: isinstance(s, dict)))
        count = draw(st.integers(1, 2))
        new |= dict(list(extra.items())[:count])
    elif new:
        new.pop(draw(st.sampled_from(sorted(new))))
    other = draw(st.just(definition) | st.just(definition) | st.just(True))
    pair = {**old, "$defs": {"x": definition}}, {**new, "$defs": {"x": other}}
    return pair if draw(st.booleans()) else pair[::-1]


@given(changed_schemas(), st.lists(VALUES, min_size=4, max_size=12))
def test_a_safe_change_of_a_schema_refuses_no_message_of_either_side(
    pair: tuple[Json, Json], values: list[Json]
):
    old, new = pair
    try:
        whom = broken(Kind.SCHEMA, old, new)
    except CannotCompareError:
        return
    try:
        for value in values:
            taken = Draft202012Validator(old).is_valid(value)
            is_taken = Draft202012Validator(new).is_valid(value)
            assert Whom.SENDER in whom or not taken or is_taken
            assert Whom.RECEIVER in whom or not is_taken or taken
    except RecursionError:  # a schema that is only itself, which no validator takes
        assume(False)
