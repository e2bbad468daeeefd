"""What a path or a condition finds is said in words, and what it lacks at which step."""

import pytest

from mock_qualtrics.events.conditions import condition_from
from mock_qualtrics.events.findings import condition_findings, found_at, shown, why_not_met
from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.strict_json import read
from mock_qualtrics.events.work_budget import WorkBudget

EVENT = {"name": {"FirstName": "Dave"}, "items": [{"a": 1}, {"a": 2}], "n": None, "s": "t", "o": {}}


@pytest.mark.parametrize(
    ("path", "remark"),
    [
        ("$.name.FirstName", ""),
        ("$.name.firstName", '$.name has no .firstName; it has "FirstName"'),
        ("$.o.x", "$.o has no .x; it is empty"),
        ("$['name']['x y']", "$.name has no ['x y']; it has \"FirstName\""),
        ("$.items[5].a", "$.items is a list of 2 entries and has no [5]"),
        ("$.items.a", "$.items is a list of 2 entries and has no .a"),
        ("$.s.b", "$.s is a text, so it has no .b"),
        ("$.n.b", "$.n is null, so it has no .b"),
        ("$.items[*].b", "none of the 2 values at $.items[*] has .b"),
        ("$..zz", '$ has no ..zz; it has "name", "items", "n", "s", "o"'),
        ("$.items[*].a", "2 values match; the first is picked"),
        ("$.n", "it is null, which is piped as an empty text"),
        ("$.name", "it is an object, which is piped as JSON"),
        (
            "$.items[*]",
            "2 values match; the first is picked; it is an object, which is piped as JSON",
        ),
    ],
)
def test_a_path_says_what_is_special_or_at_which_step_it_found_nothing(path, remark):
    assert found_at(Path(path), EVENT).remark == remark


def test_a_path_that_takes_too_much_work_says_so():
    found = found_at(Path("$.items[*].a"), EVENT, WorkBudget(share=0.0))
    assert "cannot be evaluated: it takes more than" in found.remark
    assert found.values == ()


def test_each_condition_says_whether_it_is_met_and_what_was_found():
    condition = condition_from(
        {
            "all": [
                {"path": "$.vip", "exists": True},
                {"any": [{"path": "$.s", "equals": "u"}, {"path": "$.items[*].a", "atLeast": 2}]},
            ]
        }
    )
    findings = list(condition_findings(condition, EVENT))
    assert [(one.depth, one.text, one.is_met) for one in findings] == [
        (0, "all of these", False),
        (1, "$.vip exists", False),
        (1, "any of these", True),
        (2, '$.s equals "u"', False),
        (2, "$.items[*].a is at least 2", True),
    ]
    assert findings[3].found == '$.s is "t"'
    assert findings[4].found == "$.items[*].a is 1, 2"
    assert why_not_met(findings).startswith("$.vip is missing: $ has no .vip")


def test_groups_side_by_side_and_a_value_that_should_not_be_there():
    condition = condition_from(
        {
            "all": [{"path": "$.s", "equals": "t"}],
            "any": [{"path": "$.s", "exists": False}],
        }
    )
    findings = list(condition_findings(condition, EVENT))
    assert [one.is_met for one in findings] == [True, True, False, False]
    assert findings[3].text == "$.s does not exist"
    assert why_not_met(findings) == '$.s is "t"'


def test_a_condition_that_cannot_be_evaluated_is_neither():
    condition = condition_from({"path": "$.items[*].a", "atLeast": 2})
    (finding,) = condition_findings(condition, EVENT, WorkBudget(share=0.0))
    assert finding.is_met is None


def test_a_long_value_is_cut_and_a_huge_number_stays_its_digits():
    assert shown("x" * 300) == '"' + "x" * 199 + "…"
    assert shown(read(b"1e999").value) == "1e999"
