"""The schemas themselves: well formed, described, closed, and their examples are true."""

import json
import re
from importlib.resources import files
from itertools import chain

import pytest
from jsonschema import Draft202012Validator

from contracts.errors import UnknownSchemaError
from contracts.validation import schema, schema_names, validate

EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{number}")
    for name in schema_names()
    for number, example in enumerate(schema(name)["examples"])
]
SHARED = "schemas/definitions.schema.json"
OPEN_BY_NATURE = {"settings", "fields", "headers", "refusedBy", "identityMap", "ups"}


def parts_of(value: object):
    """Every object inside a schema, with the key it stands under."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict):
                yield key, inner
            yield from parts_of(inner)
    elif isinstance(value, list):
        yield from chain.from_iterable(parts_of(inner) for inner in value)


def snake_case(name: str):
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_in_a_schema_is_valid(name: str, example: object):
    assert validate(example, name) == []


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_is_well_formed_and_says_what_it_is(name: str):
    document = schema(name)
    Draft202012Validator.check_schema(document)
    assert "$id" not in document, "a linter would look for the host of an id"
    assert document["title"]
    assert document["description"].endswith(".")
    assert document["examples"]


@pytest.mark.parametrize("name", schema_names())
def test_an_object_is_closed_unless_it_is_open_by_nature(name: str):
    document = {key: value for key, value in schema(name).items() if key != "examples"}
    for key, part in parts_of({name: document}):
        if part.get("type") == "object" and key not in OPEN_BY_NATURE and "oneOf" not in part:
            assert "additionalProperties" in part, key


def test_what_is_shared_is_no_schema_of_its_own():
    assert "definitions" not in schema_names()
    with pytest.raises(UnknownSchemaError, match="exported-message"):
        schema("definitions")


@pytest.mark.parametrize("part", ["delay", "task", "predicate", "condition", "conditions"])
def test_a_setting_has_one_shape_on_the_wire_and_in_toml(part: str):
    definitions = json.loads((files("contracts") / SHARED).read_text("utf-8"))["$defs"]
    assert without_case(definitions[part]) == without_case(definitions[f"{part}InToml"])


ADDED_BY_THE_MOCK = {"id", "state", "unpublished", "triggerUrl", "legacyTriggerUrl"}


def test_a_workflow_has_the_same_settings_everywhere():
    patch = set(schema("workflow-patch")["properties"]) - {"publish"}
    in_file = schema("workflows-file")["properties"]["workflows"]["items"]["properties"]
    assert set(schema("workflow-settings")["properties"]) == patch
    assert set(schema("workflow")["properties"]) == patch | ADDED_BY_THE_MOCK
    assert set(in_file) == {snake_case(name) for name in patch}


def test_a_tenant_is_changed_by_settings_that_it_is_made_with():
    patch = schema("tenant-patch")["properties"]
    assert patch.items() <= schema("tenant-settings")["properties"].items()


def without_case(part: object):
    return json.dumps(part).replace("InToml", "").replace("_", "").lower()
