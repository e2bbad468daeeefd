"""Why a path is not fed: the code for programs, and what the sentence names."""

from typing import Any

import pytest

from contracts.compatibility.certainty import NEVER, SOMETIMES
from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.messages.message_shape import message_shape
from contracts.compatibility.messages.row_shape import row_shape
from contracts.compatibility.reasons import ends_of, why_not_always
from contracts.compatibility.shape import Array, Member, Object, Shape, Why, constant

RAW: dict[str, Any] = {
    "attributes": [
        {"source": "personalEmail.address", "target": "email", "always_present": True},
        {"source": "total", "target": "order.total"},
        {"source": "number", "target": "order.number", "always_present": True},
        {"source": "first", "target": "name.first"},
        {"source": "last", "target": "name.last"},
        {"source": "deep", "target": "deep.one.two"},
    ],
    "identities": [
        {"source": "Email", "target": "email"},
        {"source": "ECID", "target": "external_id"},
    ],
    "audiences": [{"id": "a-1"}, {"id": "a-2"}],
}
FLOW = MappedDataflow.from_mapping(RAW)
UPS = "$.segmentMembership.ups"


@pytest.mark.parametrize(
    ("path", "code", "names"),
    [
        ("$.nothing", "unmapped", ["the target nothing"]),
        ("$.order.numbr", "unmapped", ["the target order.numbr", "mean order.number?"]),
        ("$.personalEmail.address", "unmapped", ["personalEmail.address is mapped to email"]),
        ("$.zzzz.yyyy[0].xxxx", "unmapped", ["the target zzzz.yyyy"]),
        ("$['zzzz','yyyy'].xxxx", "unmapped", ["the target zzzz or yyyy"]),
        ("$.order['zzzz','yyyy']", "unmapped", ["the target order.zzzz or order.yyyy"]),
        ("$.order.total", "optional", ["total"]),
        ("$..total", "optional", ["total"]),
        ("$.name", "optional", ["name"]),
        ("$.name.first", "optional", ["first", "always_present"]),
        ("$..status", "several", []),
        ("$.name.*", "optional", ["no attribute in name"]),
        ("$.order[0]", "wrong-type", ["$.order is an object"]),
        ("$.email.below", "wrong-type", ["$.email", "the attribute email", "nothing below"]),
        ("$.email[0]", "wrong-type", ["$.email"]),
        ("$.email[?@.below]", "filter", []),
        ("$.email.*", "wrong-type", ["$.email"]),
        ("$.identityMap.Phone", "unmapped", ["the key Phone", "there is Email, ECID"]),
        ("$.identityMap['Phone','Fax']", "unmapped", ["there is Email, ECID"]),
        ("$.identityMap.email", "identity-key", []),
        ("$.identityMap.Email", "one-of-several", ["Email, ECID"]),
        ("$.identityMap.Email.id", "wrong-type", ["$.identityMap.Email is a list", "[0]"]),
        ("$.identityMap.Email[0].primary", "excluded", ["$.identityMap.Email[0] has only its id"]),
        ("$.identityMap.Email[1].id", "list-index", ["$.identityMap.Email may have fewer"]),
        ("$.segmentMembership.aam", "excluded", ["ups", "not aam"]),
        (UPS, "membership", ["update"]),
        (f"{UPS}['b-1']", "unmapped", ["the audience b-1"]),
        (f"{UPS}['a-1']", "membership", ["another mapped audience"]),
        (f"{UPS}['a-1'].since", "excluded", [f"{UPS}['a-1'] has only lastQ", "status"]),
        (f"{UPS}[?@.status=='none']", "filter", []),
        ("$['order','nothing'].total", "optional", ["total"]),
        ("$['nothing','name']", "optional", ["name"]),
        ("$..first", "optional", ["first"]),
    ],
)
def test_of_all_messages_it_is_said_where_the_path_ends_or_what_may_lack(
    path: str, code: str, names: list[str]
):
    why = why_not_always(path, message_shape(FLOW), FLOW)
    assert why.code == code
    assert [name for name in names if name not in why.text] == []


def test_a_target_that_is_like_no_other_has_no_suggestion():
    assert why_not_always("$.zzzz", message_shape(FLOW), FLOW) == Why(
        "unmapped", "no attribute has the target zzzz"
    )


def test_where_no_audience_is_mapped_it_is_said():
    flow = MappedDataflow.from_mapping({**RAW, "audiences": []})
    why = why_not_always(f"{UPS}.*", message_shape(flow), flow)
    assert (why.code, "maps no audience" in why.text) == ("unmapped", True)


def row(**profile: Any) -> Object:  # noqa: ANN401  a profile's keys
    shape = row_shape(FLOW, {"identityMap": {"Email": [{"id": "a"}, {"id": "b"}]}, **profile})
    assert shape is not None
    return shape


@pytest.mark.parametrize(
    ("path", "code", "names"),
    [
        ("$.identityMap.Email[2]", "list-index", ["$.identityMap.Email has 2 items"]),
        ("$.identityMap.Email[-3].id", "list-index", ["$.identityMap.Email has 2 items"]),
        ("$.identityMap.Email[2:]", "filter", ["slice"]),
        ("$.identityMap.ECID", "optional", ["no ECID"]),
        ("$.identityMap.ECID[0].id", "optional", ["no ECID"]),
        ("$.email", "optional", ["personalEmail.address"]),
        ("$.order.total", "wrong-type", ["a list at total"]),
        ("$.order['number','total']", "wrong-type", ["a list at total"]),
        ("$.deep.one.two", "optional", ["has no deep"]),
        ("$.deep.one.nothing", "unmapped", ["the target deep.one.nothing"]),
        (UPS, "membership", ["of no audience"]),
    ],
)
def test_of_a_row_it_is_said_what_the_profile_lacks(path: str, code: str, names: list[str]):
    why = why_not_always(path, row(total=[1]), FLOW)
    assert why.code == code
    assert [name for name in names if name not in why.text] == []


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("$.identityMap.Email[0].id", ["$.identityMap.Email[0].id"]),
        ("$.identityMap.Email[-1].id", ["$.identityMap.Email[1].id"]),
        ("$.identityMap.Email[-2].id", ["$.identityMap.Email[0].id"]),
        ("$.identityMap.Email[5].id", []),
        ("$.identityMap.Email[*].id", ["$.identityMap.Email[0].id", "$.identityMap.Email[1].id"]),
        ("$.identityMap.ECID[0].id", []),
        ("$.identityMap[0]", []),
        ("$.identityMap[0:]", []),
        ("$.order[*]", ["$.order.number"]),
        ("$.order['number','total']", ["$.order.number"]),
        ("$..number", ["$.order.number"]),
        ("$..id", ["$.identityMap.Email[0].id", "$.identityMap.Email[1].id"]),
        ("$", ["$"]),
    ],
)
def test_the_places_that_a_path_may_select_are_those_that_may_be_there(
    path: str, places: list[str]
):
    assert [str(place) for place in ends_of(path, row(number=7))] == places


def test_of_a_list_that_may_go_on_the_last_known_place_stands_for_the_rest():
    shape: Shape = Object({"list": Member(Array((constant(1),), constant(2)))})
    found = {
        path: [str(place) for place in ends_of(path, shape)]
        for path in ("$.list[0]", "$.list[1]", "$.list[7]", "$.list[-1]")
    }
    two = Object({"list": Member(Array((constant(1), constant(2)), constant(3)))})
    assert [str(place) for place in ends_of("$.list[0]", two)] == ["$.list[0]", "$.list[2]"]
    assert found == {
        "$.list[0]": ["$.list[0]", "$.list[1]"],
        "$.list[1]": ["$.list[1]"],
        "$.list[7]": ["$.list[1]"],
        "$.list[-1]": ["$.list[0]", "$.list[1]"],
    }


def test_of_an_empty_list_there_is_no_place():
    shape: Shape = Object({"list": Member(Array(())), "none": Member(Array(()), NEVER)})
    assert ends_of("$.list[*]", shape) == ends_of("$.none", shape) == []
    maybe = Object({"list": Member(Array((), constant(1)), SOMETIMES)})
    assert [str(place) for place in ends_of("$..[0]", maybe)] == ["$.list[0]"]


def test_no_more_than_a_thousand_places_are_looked_at():
    wide = Object({str(number): Member(constant(number)) for number in range(1_001)})
    assert len(ends_of("$.*", wide)) == 1_000
