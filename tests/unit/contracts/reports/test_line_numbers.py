"""The line of a value in a file."""

import json

import pytest

from contracts.reports.line_numbers import Lines

JSON = """{
  "name": "a: b # c",
  "list": [
    1,
    {"in": true,
     "it's": {
       "deep": null}}
  ],
\t"tab": {
\t\t"in": "\\ud83d\\ude00"
\t},
  "last": 1e9
}
"""
TOML = '''
name = "x"  # [not.a.table]
long = """
name = 2
[workflows]
"""
a.b = { c = 1 }

[[workflows]]
name = 1

[[workflows]]
"quoted key" = 2

  [[workflows.fields]]
  name = "f"

  [[workflows.fields]]
  name = "g"

[workflows.delay]
seconds = -1

[[workflows]]
[[workflows.fields]]
path = "$.x"

[ table . 'sub' ]
'bare' = [
  1,
]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("$", 1),
        ("$.name", 2),
        ("$.list", 3),
        ("$.list[0]", 4),
        ("$.list[1]", 5),
        ("$.list[1]['it\\'s']", 6),
        ("$.list[1]['it\\'s'].deep", 7),
        ("$.tab.in", 10),
        ("$.last", 12),
        ("$.missing", 1),
        ("$.list[7]", 3),
        ("$.tab.missing", 9),
        ("$.name.below", 2),
    ],
)
def test_a_value_in_json_is_found_and_a_missing_one_where_it_is_missing(path: str, line: int):
    assert Lines("x.json", JSON).of(path) == line
    json.loads(JSON)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("$", 1),
        ("$.name", 2),
        ("$.long", 3),
        ("$.a.b.c", 7),
        ("$.workflows[0]", 9),
        ("$.workflows[0].name", 10),
        ("$.workflows[1]['quoted key']", 13),
        ("$.workflows[1].fields[0].name", 16),
        ("$.workflows[1].fields[1].path", 18),
        ("$.workflows[1].delay.seconds", 22),
        ("$.workflows[2].fields[0].path", 26),
        ("$.table.sub.bare[0]", 29),
        ("$.missing", 1),
    ],
)
def test_a_value_in_toml_is_found_and_a_missing_one_where_it_is_missing(path: str, line: int):
    assert Lines("x.TOML", TOML).of(path) == line


@pytest.mark.parametrize("text", ["", "{", '{"a": "\\q"}', '{"a": 1' + " " * 5_000_000 + "}"])
def test_what_cannot_be_read_has_no_line(text: str):
    assert Lines("x.json", text).of("$.a") is None


def test_of_a_document_that_is_nested_without_end_only_the_beginning_is_read():
    text = '{\n"a":\n' + "[" * 100_000
    assert Lines("x.json", text).of("$.a[0]") == 3
