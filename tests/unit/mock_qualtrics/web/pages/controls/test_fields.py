from contracts.violations import MISSING, Violation
from mock_qualtrics.web.pages.controls.fields import errors_of


def test_what_is_wrong_stands_at_its_field():
    found = errors_of(
        [
            Violation("$.status", MISSING, "a number"),
            Violation("$.when.between[1]", 1, "later than 2"),
            Violation("$.limits.callsPerMinute", "x", "an integer"),
            Violation("$.when", {}, "exactly one"),
            "no violation",
        ]
    )
    assert found == {
        "status": "expected a number",
        "when-between-1": "found 1, expected later than 2",
        "limits-callsPerMinute": 'found "x", expected an integer',
        "": "found an object with 0 keys, expected exactly one",
    }
