"""Which limits of a schema are tighter than those of another one, keyword by keyword."""

from typing import Any

import pytest

from contracts.compatibility.changes.limits import tighter_limits


@pytest.mark.parametrize(
    ("kind", "before", "after", "told"),
    [
        ("number", {}, {"minimum": 1}, ["demands at least 1"]),
        ("number", {"minimum": 1}, {"minimum": 1}, []),
        ("number", {"minimum": 2}, {"minimum": 1}, []),
        ("number", {"minimum": 1}, {"minimum": 2}, ["demands at least 2"]),
        ("number", {"minimum": 1}, {}, []),
        ("number", {"minimum": 1}, {"exclusiveMinimum": 1}, ["demands at least beyond 1"]),
        ("number", {"exclusiveMinimum": 1}, {"minimum": 1}, []),
        ("number", {"exclusiveMinimum": 1}, {"exclusiveMinimum": 1}, []),
        ("number", {"exclusiveMinimum": 1}, {"minimum": 2}, ["demands at least 2"]),
        (
            "number",
            {"minimum": 2, "exclusiveMinimum": 1},
            {"minimum": 1, "exclusiveMinimum": 2},
            ["demands at least beyond 2"],
        ),
        ("number", {"minimum": 1, "exclusiveMinimum": 3}, {"minimum": 3}, []),
        ("number", {}, {"maximum": 3}, ["demands at most 3"]),
        ("number", {"maximum": 3}, {"maximum": 3}, []),
        ("number", {"maximum": 3}, {"maximum": 4}, []),
        ("number", {"maximum": 4}, {"maximum": 3}, ["demands at most 3"]),
        ("number", {"maximum": 3}, {"exclusiveMaximum": 3}, ["demands at most beyond 3"]),
        ("number", {"exclusiveMaximum": 3}, {"maximum": 3}, []),
        ("number", {"maximum": 3}, {"minimum": 3}, ["demands at least 3"]),
        ("number", {}, {"multipleOf": 2}, ["demands a multiple of 2"]),
        ("number", {"multipleOf": 2}, {"multipleOf": 2}, []),
        ("number", {"multipleOf": 2}, {"multipleOf": 3}, ["demands a multiple of 3"]),
        ("number", {"multipleOf": 2}, {}, []),
        ("number", {}, {"minLength": 1, "minItems": 1, "minProperties": 1}, []),
        ("string", {}, {"minimum": 1, "uniqueItems": True}, []),
        ("string", {}, {"minLength": 1}, ["demands at least 1 character"]),
        ("string", {}, {"minLength": 0}, []),
        ("string", {"minLength": 1}, {"minLength": 1}, []),
        ("string", {"minLength": 1}, {"minLength": 2}, ["demands at least 2 characters"]),
        ("string", {"minLength": 1}, {}, []),
        ("string", {}, {"maxLength": 1}, ["takes at most 1 character"]),
        ("string", {"maxLength": 1}, {"maxLength": 1}, []),
        ("string", {"maxLength": 2}, {"maxLength": 1}, ["takes at most 1 character"]),
        ("string", {"maxLength": 1}, {"maxLength": 2}, []),
        ("string", {"maxLength": 1}, {}, []),
        ("string", {}, {"pattern": "a"}, ["demands the pattern a"]),
        ("string", {"pattern": "a"}, {"pattern": "a"}, []),
        ("string", {"pattern": "a"}, {"pattern": "b"}, ["demands the pattern b"]),
        ("string", {}, {"format": "date"}, ["demands the format date"]),
        ("string", {"format": "date"}, {"format": "date"}, []),
        ("array", {}, {"pattern": "a", "multipleOf": 2}, []),
        ("array", {}, {"minItems": 2}, ["demands at least 2 items"]),
        ("array", {"minItems": 2}, {"minItems": 2}, []),
        ("array", {}, {"maxItems": 2}, ["takes at most 2 items"]),
        ("array", {"maxItems": 2}, {"maxItems": 2}, []),
        ("array", {}, {"uniqueItems": True}, ["demands items that all differ"]),
        ("array", {}, {"uniqueItems": False}, []),
        ("array", {"uniqueItems": False}, {"uniqueItems": True}, ["demands items that all differ"]),
        ("array", {"uniqueItems": True}, {"uniqueItems": True}, []),
        ("object", {}, {"uniqueItems": True, "minItems": 1}, []),
        ("object", {}, {"minProperties": 1}, ["demands at least 1 member"]),
        ("object", {"required": ["a", "b"]}, {"minProperties": 2}, []),
        ("object", {"required": ["a", "b"]}, {"minProperties": 3}, ["demands at least 3 members"]),
        ("object", {"minProperties": 3, "required": ["a"]}, {"minProperties": 3}, []),
        ("object", {}, {"maxProperties": 1}, ["takes at most 1 member"]),
        ("object", {"maxProperties": 1}, {"maxProperties": 1}, []),
        ("object", {"required": ["a"], "maxProperties": 2}, {"maxProperties": 2}, []),
        ("array", {"required": ["a"]}, {"minItems": 1}, ["demands at least 1 item"]),
        ("boolean", {}, {"minLength": 1, "minimum": 1}, []),
    ],
)
def test_only_what_the_other_schema_does_not_demand_is_told(
    kind: str, before: dict[str, Any], after: dict[str, Any], told: list[str]
):
    assert list(tighter_limits(kind, before, after)) == told
