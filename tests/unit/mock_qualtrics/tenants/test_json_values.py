"""What JSON does not have, or UTF-8 cannot carry, is found wherever it is in a document."""

import datetime as dt

import pytest

from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants import json_values
from mock_qualtrics.tenants.settings_documents import tenant_settings, workflow_settings

SURROGATE = "text without lone surrogates"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (float("nan"), "$.a[1].b: found nan, expected a number that JSON has"),
        (float("-inf"), "$.a[1].b: found -inf, expected a number that JSON has"),
        ("x\ud800", f'$.a[1].b: found "x\\ud800", expected {SURROGATE}'),
        ({"\udfff": 1}, f'$.a[1].b: found the key "\\udfff", expected {SURROGATE}'),
        ({1: 1}, "$.a[1].b: found the key 1, expected a text"),
        (dt.date(2026, 1, 1), "$.a[1].b: found a date, expected a JSON value"),
        (b"x", "$.a[1].b: found a bytes, expected a JSON value"),
    ],
)
def test_each_is_named_with_its_place(value, reason):
    (found,) = json_values.reasons({"a": [0, {"b": value}]})
    assert found.startswith(reason)


def test_a_number_that_python_does_not_print_is_named_by_its_size():
    (found,) = json_values.reasons([10**4300])
    assert found.startswith("$[0]: found a whole number of 14285 bits, expected one of fewer than")


@pytest.mark.parametrize(
    "value", [None, True, 0, -(10**99), 1e308, "a\0b", "😀", [], {}, (1, "x"), {"": [{}]}]
)
def test_json_values_are_left_alone(value):
    assert json_values.reasons({"a": value}) == []


def test_settings_that_could_not_be_shown_or_stored_are_refused():
    task = {"name": "T\ud800", "type": "record", "settings": {"k": ["\udc00"]}}
    with pytest.raises(InvalidSettingsError) as refused:
        workflow_settings({"name": "w", "tasks": [task]})
    assert len(refused.value.violations) == 2
    assert json_values.reasons([10**4290]) == []
    with pytest.raises(InvalidSettingsError, match=r"\$\.seed: found a whole number of"):
        tenant_settings({"seed": 10**5000}, Settings())
