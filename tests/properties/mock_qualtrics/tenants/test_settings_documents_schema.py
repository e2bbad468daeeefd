"""What the schema of a workflow's settings takes, the mock takes too."""

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.tenants.settings_documents import workflow_settings

Schema = Mapping[str, Any]
Values = st.SearchStrategy[Any]

PATHS = st.from_regex(
    r"\$(\.[a-z]{1,3}|\['[a-z ]{1,3}'\]|\[\*\]|\[[0-9]\]|\.\.[a-z])*", fullmatch=True
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
# What a JSON Schema cannot say.
BEYOND_THE_SCHEMA = re.compile(
    r"over (highSeconds|p95Seconds)|more than once, expected each (name|id) once"
    r"|a piped field, expected a literal URL"
)


def drawn(schema: Schema) -> Values:
    """Return a strategy for the values that a schema takes; it knows what our schemas use."""
    for keyword, draw in DRAWN_BY.items():
        if keyword in schema:
            return draw(schema)
    return JSON


def referred(schema: Schema) -> Values:
    name = schema["$ref"].rpartition("/")[2]
    return st.deferred(lambda: drawn(DEFINITIONS[name]))


def typed(schema: Schema) -> Values:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([DRAWN_BY_TYPE[kind](schema) for kind in kinds])


def text(schema: Schema) -> Values:
    if schema.get("format") == "json-path":
        return PATHS
    if "pattern" in schema:
        return st.from_regex(schema["pattern"].replace("$", r"\Z"))
    return st.text(min_size=schema.get("minLength", 0), max_size=9)


def number(schema: Schema) -> Values:
    low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    exclude = "exclusiveMinimum" in schema
    return st.floats(low, high, exclude_min=exclude, allow_nan=False, allow_infinity=False)


def whole(schema: Schema) -> Values:
    numbers = st.integers(schema.get("minimum"), schema.get("maximum"))
    return numbers | numbers.filter(lambda n: abs(n) < 2**50).map(float)  # 1.0 is one too


def listed(schema: Schema) -> Values:
    return st.lists(drawn(schema["items"]), min_size=schema.get("minItems", 0), max_size=3)


def mapped(schema: Schema) -> Values:
    if "properties" not in schema:
        return st.dictionaries(st.text(max_size=5), JSON, max_size=2)
    values = {name: drawn(part) for name, part in schema["properties"].items()}
    required = {name: values.pop(name) for name in schema.get("required", ())}
    if "maxProperties" not in schema:
        return st.fixed_dictionaries(required, optional=values)
    return st.sampled_from(sorted(values)).flatmap(  # our schemas have this for one more key
        lambda name: st.fixed_dictionaries({**required, name: values[name]})
    )


def conditional(schema: Schema) -> Values:
    if "else" in schema:
        return drawn(schema["then"]).filter(bool) | drawn(schema["else"])
    rule = Draft202012Validator({"if": schema["if"], "then": schema["then"]})
    return typed(schema).filter(rule.is_valid)


DRAWN_BY = {
    "$ref": referred,
    "const": lambda schema: st.just(schema["const"]),
    "enum": lambda schema: st.sampled_from(schema["enum"]),
    "oneOf": lambda schema: st.one_of([drawn(one) for one in schema["oneOf"]]),
    "if": conditional,
    "type": typed,
}
DRAWN_BY_TYPE = {
    "string": text,
    "number": number,
    "integer": whole,
    "boolean": lambda _: st.booleans(),
    "array": listed,
    "object": mapped,
}


def schema_of(name: str) -> Schema:
    file = files("contracts") / "schemas" / f"{name}.schema.json"
    document: Schema = json.loads(file.read_text("utf-8"))
    return document


@pytest.mark.parametrize("form", ["json", "toml"])
def test_the_mock_takes_what_the_schema_takes(form):
    in_toml = schema_of("workflows-file")["properties"]["workflows"]["items"]

    @given(drawn(schema_of("workflow-settings") if form == "json" else in_toml))
    @settings(max_examples=30)
    def takes(document: dict[str, Any]) -> None:
        try:
            workflow_settings(document)
        except InvalidSettingsError as error:
            reasons = [str(reason) for reason in error.violations]
            assert [one for one in reasons if not BEYOND_THE_SCHEMA.search(one)] == []

    takes()


@pytest.mark.parametrize("path", ["", "person.name", " $.a", "$" + ".a" * 1_000])
def test_the_schema_alone_refuses_what_begins_as_no_path(path):
    judge = Draft202012Validator(DEFINITIONS["jsonPath"])  # formats are not judged by default
    assert not judge.is_valid(path)
    assert judge.is_valid("$.person.name.firstName")


DEFINITIONS = schema_of("definitions")["$defs"]
