"""What one schema refuses that another one takes, each refusal at its place."""

from typing import Any

import pytest

from contracts.compatibility.changes.change import CannotCompareError
from contracts.compatibility.changes.known_pairs import MOST_REFUSALS
from contracts.compatibility.changes.refusals import Comparison, Refusal
from contracts.compatibility.changes.schema_document import DIALECT, SchemaDocument

TEXT, NUMBER, NULL = ({"type": name} for name in ("string", "number", "null"))
OBJECT = {"type": "object"}


def refusals(before: Any, after: Any) -> list[Refusal]:  # noqa: ANN401  schemas
    documents = SchemaDocument("old", before), SchemaDocument("new", after)
    return list(Comparison(*documents).refusals(before, after))


def an_object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401  schemas
    return {"type": "object", "properties": properties}


def closed(**properties: Any) -> dict[str, Any]:  # noqa: ANN401  schemas
    return {**an_object(**properties), "additionalProperties": False}


UNEVALUATED = {"type": "object", "unevaluatedProperties": False}
DEFINED = {"$defs": {"t": UNEVALUATED, "s": TEXT}}


def names_up_to(characters: int) -> dict[str, Any]:
    return {"type": "object", "propertyNames": {"maxLength": characters}}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (True, True, []),
        (True, False, [("$", "takes nothing")]),
        (False, TEXT, []),
        (False, False, []),
        ({"not": {}}, TEXT, []),
        (TEXT, {"not": {}}, [("$", "takes nothing")]),
        (TEXT, True, []),
        (TEXT, {"title": "T"}, []),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, []),
        ({"enum": ["a", "b", "c"]}, {"enum": ["b"]}, [("$", 'does not take "a"'),
                                                    ("$", 'does not take "c"')]),
        ({"enum": ["a"]}, TEXT, []),
        ({"enum": ["a", 1]}, TEXT, [("$", "does not take 1")]),
        ({"enum": ["a", 1], "type": "string"}, TEXT, []),
        ({"const": 1}, {"enum": [1, 2]}, []),
        ({"const": 1}, {"enum": [2]}, [("$", "does not take 1")]),
        (an_object(x={"const": 1}), an_object(x=TEXT), [("$.x", "does not take 1")]),
        (TEXT, {"const": "a"}, [("$", "takes only some values")]),
        ({"type": ["string", "null"]}, {"type": ["string", "null", "number"]}, []),
        ({"type": ["string", "null"]}, NUMBER, [("$", "takes no null and no string")]),
        ({"type": "integer"}, NUMBER, []),
        (NUMBER, {"type": "integer"}, [("$", "takes no number")]),
        ({"type": "integer"}, {"type": "integer", "minimum": 1}, [("$", "demands at least 1")]),
        (TEXT, {"anyOf": [NUMBER, TEXT]}, []),
        ({"anyOf": [NUMBER, TEXT]}, {"anyOf": [TEXT, NUMBER]}, []),
        ({"anyOf": [NUMBER, NULL]}, {"anyOf": [TEXT, NUMBER]},
         [("$", "takes none of the alternatives that the other one has")]),
        (OBJECT, {"allOf": [{"required": ["a"]}, {"required": ["b"]}]},
         [("$.a", "demands it"), ("$.b", "demands it")]),
        ({"allOf": [OBJECT, {"required": ["a"]}]}, {"required": ["a"]}, []),
        ({"allOf": [OBJECT], "required": ["a"]}, {"required": ["a"]}, []),
        (
            {"allOf": [OBJECT, {"type": "object", "required": ["a"]}]},
            {"type": "object", "required": ["a", "b"]},
            [("$.b", "demands it")],
        ),
        (an_object(x=TEXT), {**OBJECT, "additionalProperties": TEXT},
         [("$.*", "takes no array and no boolean and no null and no number and no object")]),
        ({**an_object(x=TEXT), "additionalProperties": False}, an_object(x=TEXT, y=TEXT), []),
        ({**an_object(), "additionalProperties": TEXT}, an_object(x=TEXT), []),
        ({**an_object(), "additionalProperties": TEXT}, an_object(x=NULL),
         [("$.x", "takes no string")]),
        (an_object(x=an_object(y=TEXT)), an_object(x=an_object(y=NULL)),
         [("$.x.y", "takes no string")]),
        ({"type": "array", "items": TEXT}, {"type": "array", "items": NULL},
         [("$[*]", "takes no string")]),
        ({"type": "array"}, {"type": "array", "items": {"type": ["null", "string"]}},
         [("$[*]", "takes no array and no boolean and no number and no object")]),
        ({"type": "array", "items": TEXT}, {"type": "array"}, []),
        (names_up_to(2), names_up_to(3), []),
        (names_up_to(3), names_up_to(2),
         [("$ (names)", "takes at most 2 characters")]),
        (TEXT, {**TEXT, "items": NULL, "properties": {"a": NULL}, "required": ["a"]}, []),
        (OBJECT, {"type": "string", "required": ["a"], "items": NULL}, [("$", "takes no object")]),
        ({"type": "array"}, {"type": "string", "items": NULL}, [("$", "takes no array")]),
        ({**OBJECT, "required": ["a", "b"]}, {**OBJECT, "required": ["b", "a"]}, []),
        (OBJECT, {**OBJECT, "propertyNames": TEXT}, []),
        (an_object(x=TEXT), OBJECT, []),
        (closed(x=TEXT), closed(), [("$.x", "takes nothing")]),
        (closed(), {**closed(), "required": ["a"]}, [("$.a", "demands it")]),
        (TEXT, {"allOf": [TEXT], "maxLength": 3}, [("$", "takes at most 3 characters")]),
        (an_object(x=TEXT), an_object(x={"allOf": [{"maxLength": 3}]}),
         [("$.x", "takes at most 3 characters")]),
        ({"oneOf": [TEXT]}, {}, []),
        ({"oneOf": [TEXT]}, {"title": "T"}, []),
        ({"oneOf": [{**TEXT, "x-note": 1, "title": "T"}]}, {"oneOf": [TEXT], "maxLength": 3},
         [("$", "takes at most 3 characters")]),
        ({"oneOf": [{**TEXT, "maxLength": 3.0}]}, {"oneOf": [{"maxLength": 3, **TEXT}],
                                                   "maxLength": 5},
         [("$", "takes at most 5 characters")]),
        (an_object(x={"$ref": "#/$defs/t"}) | DEFINED, an_object(x=UNEVALUATED), []),
        (an_object(x=TEXT),
         an_object(x={"$ref": "#/$defs/s", "maxLength": 3, "title": "T"}) | DEFINED,
         [("$.x", "takes at most 3 characters")]),
        (an_object(x=NULL), an_object(x={"$ref": "#/$defs/s", "title": "T"}) | DEFINED,
         [("$.x", "takes no null")]),
    ],
)  # fmt: skip
def test_each_refusal_is_told_at_its_place(before: Any, after: Any, expected: Any):  # noqa: ANN401
    assert refusals(before, after) == expected


UNJUDGED = {
    "not": TEXT, "if": TEXT, "then": TEXT, "else": TEXT, "oneOf": [TEXT], "contains": TEXT,
    "minContains": 1, "maxContains": 1, "patternProperties": {"a": TEXT}, "prefixItems": [TEXT],
    "dependentSchemas": {"a": TEXT}, "dependentRequired": {"a": ["b"]},
    "unevaluatedProperties": TEXT, "unevaluatedItems": TEXT, "$dynamicRef": "#",
}  # fmt: skip
RELATIVE = {"unevaluatedProperties", "unevaluatedItems", "$dynamicRef"}


@pytest.mark.parametrize("keyword", UNJUDGED)
def test_a_difference_in_a_keyword_that_is_not_judged_is_an_error(keyword: str):
    judged = {"maxLength": 3}
    with_it = {keyword: UNJUDGED[keyword]}
    for before, after in ((with_it, judged), ({}, {**with_it, **judged})):
        with pytest.raises(CannotCompareError, match=r"^\$\.x: the keyword .*; expected the same"):
            refusals(an_object(x=before), an_object(x=after))
    pair = an_object(x=with_it), an_object(x={**with_it, **judged})
    if keyword in RELATIVE:
        with pytest.raises(CannotCompareError):
            refusals(*pair)
    else:
        assert refusals(*pair) == [Refusal("$.x", "takes at most 3 characters")]


def test_two_parts_are_compared_once_and_a_circle_ends():
    tree = {"$defs": {"t": {**an_object(next={"$ref": "#/$defs/t"}), "required": ["a"]}}}
    more = {"$defs": {"t": {**tree["$defs"]["t"], "required": ["a", "b"]}}}
    before, after = ({**document, "$ref": "#/$defs/t"} for document in (tree, more))
    assert refusals(before, after) == [Refusal("$.b", "demands it")]
    assert refusals(after, before) == []


def test_an_error_among_alternatives_names_its_place():
    before, after = ({"anyOf": [{"not": {"type": kind}}]} for kind in ("string", "null"))
    with pytest.raises(CannotCompareError, match=r"^\$\.x: the keyword not"):
        refusals(an_object(x=before), an_object(x=after))


@pytest.mark.parametrize(
    ("root", "words"),
    [
        ({"$ref": "other.json"}, "name: the reference other.json leads out of the file"),
        ({"$ref": "#/$defs/none"}, "name: #/$defs/none leads nowhere"),
        ({"$ref": "#here"}, "name: #here is an anchor"),
        ({"$ref": "#"}, "name: the reference # leads to itself"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_told_with_its_file(root: Any, words: str):  # noqa: ANN401
    with pytest.raises(CannotCompareError) as caught:
        SchemaDocument("name", root).resolved(root)
    assert str(caught.value).startswith(words)


def test_the_dialect_may_end_with_an_empty_fragment():
    assert SchemaDocument("name", {"$schema": f"{DIALECT}#"}).name == "name"
    for other in ("http://json-schema.org/draft-07/schema#", f"#{DIALECT}", f"{DIALECT}X"):
        with pytest.raises(CannotCompareError, match=r"^name: its dialect is .*; expected"):
            SchemaDocument("name", {"$schema": other})


def test_one_change_is_told_at_every_place_that_has_it():
    names = ("b", "a", "c d")
    before, after = (an_object(**dict.fromkeys(names, part)) for part in (TEXT, NULL))
    places = ["$.b", "$.a", "$['c d']"]
    assert refusals(before, after) == [Refusal(place, "takes no string") for place in places]


def test_a_part_that_is_used_in_more_places_than_anybody_reads_is_told_in_some():
    parts: dict[str, Any] = {"p0": TEXT}
    for n in range(1, 12):
        inner = {"$ref": f"#/$defs/p{n - 1}"}
        parts[f"p{n}"] = an_object(a=inner, b=inner)
    before = {"$ref": "#/$defs/p11", "$defs": parts}
    after = {**before, "$defs": {**parts, "p0": NULL}}
    found = refusals(before, after)
    assert len(found) == MOST_REFUSALS
    assert len({refusal.place for refusal in found}) == MOST_REFUSALS


def test_a_name_that_a_pattern_describes_is_no_other_name():
    patterns = {"patternProperties": {"^a": TEXT}, "additionalProperties": False}
    before = {"type": "object", **patterns}
    assert refusals(before, {**before, "properties": {"ab": NUMBER}}) == [
        Refusal("$.ab", "takes no string")
    ]
    assert refusals(before, {**before, "properties": {"ab": TEXT, "b": NUMBER}}) == []


def test_a_listed_value_is_told_as_json_and_not_in_full():
    before = {"enum": [None, True, "dave@example.com", "x" * 5_000, 10**5_000, 1.0]}
    found = [refusal.text for refusal in refusals(before, {"enum": [1]})]
    assert found[:3] == ["does not take null", "does not take true", 'does not take "***"']
    assert len(found[3]) < 250
    assert found[4:] == ["does not take a value with a whole number that is too large to print"]


def test_long_lists_of_values_are_compared_at_once():
    lists = [{"type": "integer", "enum": list(range(n, n + 1_000))} for n in (0, 1)]
    assert refusals(*lists) == [Refusal("$", "does not take 0")]


def test_a_value_is_taken_that_is_in_every_list_and_meets_the_rest():
    document = SchemaDocument("name", True)
    found = {
        text: [value for value in (1, 2, 1.0, True) if document.taker(schema)(value)]
        for text, schema in (
            ("const", {"const": 1}),
            ("enum", {"enum": [1, 2]}),
            ("both", {"const": 1, "enum": [1, 2]}),
            ("rest", {"enum": [1, 2], "minimum": 2}),
        )
    }
    assert found == {"const": [1, 1.0], "enum": [1, 2, 1.0], "both": [1, 1.0], "rest": [2]}
