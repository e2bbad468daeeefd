"""Picking fields from an event and piping them into settings."""

from mock_qualtrics.events.field_piping import pick, pipe
from mock_qualtrics.events.json_path import Path

EVENT = {
    "person": {"name": "Dave", "age": 41, "member": True},
    "tags": ["new", 7],
    "ups": {"a": {"status": "exited"}, "b": {"status": "realized"}},
    "nothing": None,
}


def test_a_field_is_the_first_value_that_its_path_finds_Q_BODY_2():  # noqa: N802  a fact's id
    fields = (("name", Path("$.person.name")), ("status", Path("$.ups.*.status")))
    assert pick(fields, EVENT) == {"name": "Dave", "status": "exited"}


def test_fields_are_piped_into_settings_at_any_depth_Q_BODY_3():  # noqa: N802  a fact's id
    settings = {"to": "~{aedj://name}!", "more": [{"n": "~{aedj://age}/~{aedj://nil}"}, 5]}
    piped, reasons = pipe(settings, {"name": "Dävid", "age": 41, "nil": None}, {})
    assert piped == {"to": "Dävid!", "more": [{"n": "41/"}, 5]}
    assert reasons == []


def test_a_piped_field_that_is_missing_is_named_with_its_path():
    settings = {"to": "~{aedj://email} ~{aedj://other}"}
    piped, reasons = pipe(settings, {}, {"email": "$.email"})
    assert piped == settings
    assert reasons == [
        "the field email has no value: nothing at $.email",
        "the workflow has no field other",
    ]
