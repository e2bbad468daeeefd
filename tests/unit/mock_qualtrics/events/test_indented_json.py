"""A JSON text is indented, and nothing of it changes but the space between its parts."""

import json

import pytest

from mock_qualtrics.events.indented_json import indented

VALUES = [{}, [], [[]], {"a": [1, {"b": None}], "c": 'x"\\{,'}, "text", 1.5, [True, False]]


@pytest.mark.parametrize("value", VALUES)
def test_it_looks_as_the_standard_library_has_it(value):
    text = json.dumps(value, separators=(",", ":"))
    assert indented(text) == json.dumps(value, indent=2)
    assert indented(json.dumps(value, indent=7)) == json.dumps(value, indent=2)


def test_repeated_keys_the_form_of_numbers_and_escapes_stay():
    text = r'{"a":1.0,"a":1E+999,"\u0061":"\u00e9\\"}'
    assert indented(text).replace("\n", "").replace(" ", "") == text


def test_a_long_one_ends_with_a_line():
    text = json.dumps([*range(1000)])
    assert indented(text, 20) == "\n".join(["[", *[f"  {number}," for number in range(7)]])
