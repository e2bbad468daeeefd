"""JSON values with exact numbers."""

import pytest

from contracts.exact_values import exact_value, first_difference, same_text

SAME = [
    ("1.0", "10e-1"),
    ("0", "-0.000e9"),
    ("100", "1e2"),
    ("1e999", "10e998"),
    ("123456789012345678901234567890.5", "1234567890123456789012345678905e-1"),
    ('{"a": 1, "b": [true, null]}', '{"b": [true, null], "a": 1.0}'),
    ('"\\u00e9"', '"é"'),
]
DIFFERENT = [
    ("9007199254740993", "9007199254740992"),
    ("0.1", "0.1000000000000000055511151231257827"),
    ("1", "-1"),
    ("1", "true"),
    ("1", '"1"'),
    ("0", "null"),
    ("1e999999999999999999999", "1e999999999999999999998"),
    ("[1, 2]", "[2, 1]"),
    ('{"a": 1}', '{"a": 1, "b": 2}'),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_value_in_another_form_is_the_same(one, other):
    assert same_text(exact_value(one)) == same_text(exact_value(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_value_is_not_the_same_however_close_it_is(one, other):
    assert same_text(exact_value(one)) != same_text(exact_value(other))
    assert first_difference(exact_value(one), exact_value(other))


def test_values_of_python_are_compared_with_those_of_a_text():
    python = {"n": 9007199254740993, "x": 0.5, "list": (1, 2)}
    text = '{"list": [1, 2], "x": 0.50, "n": 9007199254740993}'
    assert same_text(python) == same_text(exact_value(text))


@pytest.mark.parametrize(
    ("text", "said"), [("{", "Expecting"), (b"\xff", "codec"), ("[" * 100_000, "deep")]
)
def test_what_is_no_json_raises_a_value_error(text, said):
    with pytest.raises(ValueError, match=said):
        exact_value(text)


def test_a_value_of_another_kind_or_too_deep_is_refused():
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(ValueError, match="deep"):
        same_text(deep)
    with pytest.raises(TypeError, match="set"):
        same_text({"a": {1}})


@pytest.mark.parametrize(
    ("expected", "found", "said"),
    [
        ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "y"}]}, '$.a[1].b: expected "x", found "y"'),
        ({"a": 1}, {}, "$.a: expected 1, found nothing"),
        ({}, {"a-b": True}, "$['a-b']: expected nothing, found true"),
        ({"a": [1]}, {"a": [1, 2]}, "$.a: expected a list of 1, found a list of 2"),
        ({"e": "dave@example.com"}, {"e": 1}, '$.e: expected "***", found 1'),
        ({"n": 9007199254740993}, {"n": 2**53}, f"$.n: expected {2**53 + 1}, found {2**53}"),
        (
            {"e": "dave@example.com"},
            {"e": "dana@example.com"},
            '$.e: expected "***", found "***" (they differ from character 3 on)',
        ),
        (
            ["Zo\u00eb"],
            ["Zoe\u0308"],
            '$[0]: expected "Zo\u00eb", found "Zoe\u0308" (they differ from character 3 on)',
        ),
        ({"b": 1}, {"b": 1, "z": 1, "a": 2}, "$.z: expected nothing, found 1"),
        (["1"], [1], '$[0]: expected "1", found 1'),
        (
            {"apiToken": "a"},
            {"apiToken": "b"},
            "$.apiToken: expected ***, found *** (they differ from character 1 on)",
        ),
        ({"secrets": [1]}, {"secrets": [2]}, "$.secrets[0]: expected ***, found ***"),
        ({"password": "a"}, {}, "$.password: expected ***, found nothing"),
        ({}, {"password": "a"}, "$.password: expected nothing, found ***"),
    ],
)
def test_a_difference_says_where_and_what(expected, found, said):
    assert first_difference(expected, found) == said
