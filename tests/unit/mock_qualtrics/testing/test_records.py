"""Records with attributes, and settings in camel case."""

import pytest

from mock_qualtrics.testing.records import Record, camel_case, camel_keys


def test_a_record_s_keys_are_attributes_too():
    record = Record({"startedOn": None, "status": "Pending"})
    assert (record.started_on, record["status"], record.status) == (None, "Pending", "Pending")
    assert record == {"startedOn": None, "status": "Pending"}
    with pytest.raises(AttributeError, match=r"no 'finished_on' here.*started_on, status"):
        _ = record.finished_on


def test_settings_are_written_in_camel_case_but_the_user_s_own_keys_are_not():
    assert camel_case("retry_after_seconds") == "retryAfterSeconds"
    given = {"calls_per_minute": 1, "when": {"between": ["a", "b"]}, "x": [{"y_z": {"k_l": 1}}]}
    expected = {"callsPerMinute": 1, "when": {"between": ["a", "b"]}, "x": [{"yZ": {"k_l": 1}}]}
    assert camel_keys(given) == expected
