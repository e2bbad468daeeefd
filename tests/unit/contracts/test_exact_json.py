"""JSON whose numbers Python cannot hold is read and written without a change."""

import json

import pytest

from contracts import exact_json
from contracts.exact_json import HugeNumber

DIGITS = "9" * 5_000


@pytest.mark.parametrize(
    "text",
    [
        f'{{"n": [{DIGITS}, -{DIGITS}]}}',
        '{"n": 1e999, "m": "1e999", "o": -1E+400}',
        '["number", 1e999, "number-"]',
        f'{{"{DIGITS}": "{DIGITS}"}}',
        '{"a": [true, null, 1, 1.5, "\\u00e9\\u202e"]}',
    ],
)
def test_what_was_read_is_written_the_same(text):
    assert exact_json.dumps(exact_json.loads(text)) == text


def test_only_a_number_beyond_python_s_limits_becomes_a_text():
    value = exact_json.loads(f"[1, 1.5, {'9' * 4_300}, {DIGITS}, 1e308, 1e309]")
    assert value == [1, 1.5, int("9" * 4_300), DIGITS, 1e308, "1e309"]
    assert [type(item) for item in value[3::2]] == [HugeNumber, HugeNumber]


def test_other_values_are_written_as_json_writes_them():
    value = {"a": (1, 2), "b": [None, {"c": "é"}]}
    assert exact_json.dumps(value) == json.dumps(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [(b"{", "Expecting"), (b"\xff", "invalid start byte"), ("[" * 9_000, "nested too deeply")],
)
def test_what_is_no_json_is_a_value_error(text, reason):
    with pytest.raises(ValueError, match=reason):
        exact_json.loads(text)
