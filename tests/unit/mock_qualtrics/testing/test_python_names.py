"""Errors with names as tests write them."""

import pytest

from mock_qualtrics.errors import ClockEndsError, InvalidFaultError, InvalidPathError
from mock_qualtrics.testing.python_names import closest, in_python, reworded


@pytest.mark.parametrize(
    ("violation", "told"),
    [
        (
            '$.start: found "startAt", expected no key of this name (did you mean "startAt"?)',
            '$.start: found "startAt", expected no key of this name (did you mean "start_at"?)',
        ),
        ("$.limits.callsPerMinute: found -1, expected at least 0", None),
        (
            "$.conditions.all[0]: found 1, expected path and one of notEquals, lessThan",
            "$.conditions.all[0]: found 1, expected path and one of not_equals, less_than",
        ),
        (
            "$.tasks[0].settings.firstName.aB: found 1, expected a text",
            "$.tasks[0].settings.firstName.aB: found 1, expected a text",
        ),
        (
            "$.x: found 1, expected a JSONPath such as $.person.name.firstName",
            "$.x: found 1, expected a JSONPath such as $.person.name.firstName",
        ),
        ("no place at all", "no place at all"),
    ],
)
def test_names_of_settings_are_in_snake_case_and_nothing_else_is(violation, told):
    expected = violation.replace("callsPerMinute", "calls_per_minute") if told is None else told
    assert in_python(violation) == expected


def test_an_error_stays_of_its_kind():
    error = reworded(InvalidFaultError(["$.callsPerMinute: found 1, expected 2"]))
    assert type(error) is InvalidFaultError
    assert error.violations == ("$.calls_per_minute: found 1, expected 2",)
    for other in (ClockEndsError("a", "b"), InvalidPathError("$[", "no end")):
        assert reworded(other) is other


def test_a_name_that_is_nearly_right_is_suggested():
    assert closest("success", ["failed", "succeeded"]) == " (did you mean succeeded?)"
    assert closest("zzz", ["failed"]) == ""
