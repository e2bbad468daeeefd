"""Two JSON values are compared place by place."""

import json

import pytest

from contracts.exact_values import exact_value
from mock_qualtrics.web.pages.run_details.differences import differences


@pytest.mark.parametrize(
    ("here", "there", "found"),
    [
        ("1", "1.0", []),
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', []),
        ("1", "2", [("$", "changed")]),
        ("0.1", "0.1000000000000000055", [("$", "changed")]),
        ("true", "1", [("$", "changed")]),
        ("null", "{}", [("$", "changed")]),
        ("[]", "{}", [("$", "changed")]),
        ('{"a": null}', "{}", [("$.a", "only here")]),
        (
            '{"a": [1, {"x y": 2}], "b": 1}',
            '{"a": [1, {"x y": 3}, 4], "c": 1}',
            [
                ("$.a[1]['x y']", "changed"),
                ("$.a[2]", "only there"),
                ("$.b", "only here"),
                ("$.c", "only there"),
            ],
        ),
    ],
)
def test_each_place_that_differs_is_named_once_in_order(here, there, found):
    differing = differences(exact_value(here), exact_value(there))
    assert [(one.path, one.kind) for one in differing] == found


def test_values_that_are_nested_as_deep_as_an_event_may_be():
    deep = "[" * 500 + "]" * 500
    assert differences(json.loads(deep), json.loads(deep)) == []
    assert [one.kind for one in differences(json.loads(deep), 1)] == ["changed"]
