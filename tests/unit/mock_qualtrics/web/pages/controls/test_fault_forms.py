import pytest

from contracts import validate
from mock_qualtrics.faults import KINDS
from mock_qualtrics.web.pages.controls.fault_forms import fault_of, fields, kinds

CONDITIONS = [
    ({"when-first": "3"}, {"first": 3}),
    ({"when-every": "10"}, {"every": 10}),
    ({"when-probability": "0.5"}, {"probability": 0.5}),
    ({"when-between-0": "2026-01-01T00:00:00Z", "when-between-1": "60"}, None),
    (
        {"when-sinceFirstCall-0": "0", "when-sinceFirstCall-1": "60.5"},
        {"sinceFirstCall": [0, 60.5]},
    ),
    ({"when-path": "$.person"}, {"path": "$.person"}),
]


@pytest.mark.parametrize(("given", "when"), CONDITIONS)
def test_each_condition_can_be_chosen(given, when):
    condition = next(iter(given)).split("-")[1]
    form = {"kind": "status", "status": "503", "condition": condition, **given}
    fault = fault_of({**form, "when-first": given.get("when-first", "ignored")})
    assert validate(fault, "fault") == []
    assert fault["when"] == (when or {"between": ["2026-01-01T00:00:00Z", 60]})
    assert fault["status"] == 503


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_of_each_kind_has_what_its_schema_asks_for(kind):
    form = fields(kind)
    values = {"status": "503", "location": "/x", "seconds": "1", "callsPerMinute": "1"}
    if kind == "redirect":
        values["status"] = "307"
    given = {one.name: values[one.name] for one in form["settings"] if one.required}
    fault = fault_of({"kind": kind, "condition": "first", "when-first": "1", **given})
    assert validate(fault, "fault") == []
    assert form["conditions"][0]["name"] == form["condition"] == "first"


def test_what_was_given_is_there_again_beside_what_is_wrong():
    given = {"status": "200", "condition": "every", "when-every": "x"}
    form = fields("status", given, {"status": "too low", "": "as a whole"})
    status = form["settings"][0]
    assert (status.value, status.error, form["condition"]) == ("200", "too low", "every")
    assert form["error"] == "as a whole"
    assert form["conditions"][1]["fields"][0].value == "x"


def test_what_breaks_connections_is_offered_only_where_it_may():
    assert all(kind["offered"] for kind in kinds(wire_faults=True))
    offered = {kind["name"] for kind in kinds(wire_faults=False) if kind["offered"]}
    assert offered == {name for name, kind in KINDS.items() if not kind.breaks_connection}
