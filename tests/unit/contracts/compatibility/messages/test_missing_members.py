"""Why no message has a member of a name, and what was perhaps meant."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.messages.message_shape import message_shape
from contracts.compatibility.messages.missing_members import why_missing
from contracts.compatibility.messages.row_shape import row_shape
from contracts.compatibility.reasons import why_not_always
from contracts.compatibility.shape import Why

FLOW = MappedDataflow.from_mapping(
    {
        "attributes": [
            {"source": "person.name.firstName", "target": "firstName"},
            {"source": "order.number", "target": "order.number"},
            {"source": "order.total", "target": "order.total"},
        ],
        "identities": [{"source": "Email", "target": "email"}],
        "audiences": [{"id": "a-1"}, {"id": "a-2"}],
    }
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("$['order.number']", "no attribute's name has a dot in it: $.order.number is meant"),
        (
            "$.order['number.x']",
            "no attribute has the target order.number.x (did you mean order.number?)",
        ),
        (
            "$.person",
            "no attribute has the target person: person.name.firstName is mapped to firstName",
        ),
        (
            "$.person.name",
            "no attribute has the target person.name: person.name.firstName is mapped to firstName",
        ),
        ("$.perso", "no attribute has the target perso"),
        ("$['']", "no attribute has the target ''"),
        ("$['x','y']", "no attribute has the target x or y"),
        ("$.order['x','y'].z", "no attribute has the target order.x or order.y"),
        ("$['x',0]", "no attribute has the target x"),
        ("$.x['y','z']", "no attribute has the target x"),
        ("$.x[0].y", "no attribute has the target x"),
        (
            "$.identityMap['Phone','ECID']",
            "no mapped identity has the key Phone or ECID: there is Email",
        ),
        (
            "$.segmentMembership['a-1'].status",
            "the audience a-1 is one level deeper, in ups (A-EXP-5)",
        ),
        (
            "$.segmentMembership['a-1','aam']",
            "people audiences (ups) are exported, not a-1 or aam (A-EXP-5)",
        ),
        ("$.segmentMembership.ups['a-3','']", "the audience a-3 or '' is not mapped"),
    ],
)
def test_a_name_that_is_never_there_is_told_with_what_was_perhaps_meant(path: str, text: str):
    why = why_not_always(path, message_shape(FLOW), FLOW)
    assert (why.text, why.code) == (text, "excluded" if "ups) are exported" in text else "unmapped")


def test_what_a_filter_takes_is_told_to_depend_on_values():
    why = why_not_always("$[?length(@) > 1]", message_shape(FLOW), FLOW)
    assert (why.code, why.text) == ("filter", "what its filter takes depends on values")


@pytest.mark.parametrize(("count", "told"), [(1, "1 item"), (2, "2 items")])
def test_the_items_of_a_list_are_counted(count: int, told: str):
    profile = {"identityMap": {"Email": [{"id": str(n)} for n in range(count)]}}
    shape = row_shape(FLOW, profile)
    assert shape is not None
    why = why_not_always("$.identityMap.Email[7].id", shape, FLOW)
    assert (why.code, why.text) == ("list-index", f"$.identityMap.Email has {told}")


def test_several_names_are_told_as_whole_targets():
    why = why_missing(("order", "lines"), [("x", "y")], FLOW)
    assert why.text == "no attribute has the target order.lines.x or order.lines.y"


def test_a_step_with_several_names_ends_a_target():
    assert why_missing((), [("x",), ("y", "z"), ("w",)], FLOW).text.endswith(" x")


@pytest.mark.parametrize(
    ("path", "order", "code", "text"),
    [
        ("$.order.total", {}, "optional", "it has no order.total"),
        ("$.order.number", {}, "optional", "it has no order.number"),
        ("$.order", {}, "optional", "it has no order.number"),
        (
            "$.order.total",
            {"total": [1]},
            "wrong-type",
            "it has a list at order.total: not exported (A-MAP-3)",
        ),
        ("$.order.total.x", {}, "optional", "it has no order.total"),
        (
            "$.order.totl",
            {},
            "unmapped",
            "no attribute has the target order.totl (did you mean order.total?)",
        ),
        ("$.order[*]", {}, "optional", "it has no order.number"),
        ("$.segmentMembership.aam", {}, "unmapped", "the dataflow maps no audience"),
    ],
)
def test_where_the_whole_object_is_absent_it_is_told_why_what_is_read_of_it_is(
    path: str, order: dict[str, Any], code: str, text: str
):
    flow = replace(FLOW, audiences=())
    shape = row_shape(flow, {"identityMap": {"Email": [{"id": "a"}]}, "order": order})
    assert shape is not None
    assert why_not_always(path, shape, flow) == Why(code, text)
