"""How certain it is that a path selects something, by every kind of selector and filter."""

from typing import Any

import jsonpath_rfc9535 as jsonpath
import pytest

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES, Certainty, certainly
from contracts.compatibility.paths.selection import selected
from contracts.compatibility.shape import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Array,
    Member,
    Object,
    Scalar,
    Shape,
    constant,
)

WORD = Scalar(frozenset({TEXT}))
ITEM = Object({"id": Member(WORD)}, never_empty=True)
STATUS = Object({"status": Member(Scalar(frozenset({TEXT}), ("realized", "exited")))})
EVENT = Object(
    {
        "one": Member(Array((ITEM,), ITEM)),
        "none": Member(Array((), ITEM)),
        "two": Member(Array((constant("a"), constant("b")))),
        "n": Member(constant(3)),
        "yes": Member(constant(True)),
        "zero": Member(constant(0)),
        "word": Member(WORD),
        "flag": Member(Scalar(frozenset({BOOLEAN}))),
        "maybe": Member(Scalar(frozenset({NUMBER})), SOMETIMES),
        "absent": Member(WORD, NEVER),
        "ups": Member(
            Object({"x": Member(STATUS, SOMETIMES), "y": Member(STATUS, SOMETIMES)}, True)
        ),
        "any": Member(Object({"x": Member(WORD, SOMETIMES), "y": Member(ITEM, SOMETIMES)})),
    },
    never_empty=True,
)
FULL: dict[str, Any] = {
    "one": [{"id": "a"}, {"id": "b"}, {"id": ""}],
    "none": [{"id": "c"}],
    "two": ["a", "b"],
    "n": 3,
    "yes": True,
    "zero": 0,
    "word": "w",
    "flag": True,
    "maybe": 3,
    "ups": {"x": {"status": "realized"}, "y": {"status": "exited"}},
    "any": {"x": "x", "y": {"id": "x"}},
}
BARE: dict[str, Any] = {
    **{key: value for key, value in FULL.items() if key != "maybe"},
    "one": [{"id": ""}],
    "none": [],
    "word": "",
    "flag": False,
    "ups": {"y": {"status": "exited"}},
    "any": {},
}


@pytest.mark.parametrize(
    ("path", "certainty"),
    [
        ("$", ALWAYS),
        ("$.n.below", NEVER),
        ("$.n[0]", NEVER),
        ("$.n.*", NEVER),
        ("$.absent", NEVER),
        ("$.maybe", SOMETIMES),
        ("$['maybe','absent']", SOMETIMES),
        ("$['maybe','n']", ALWAYS),
        ("$.ups.*", ALWAYS),
        ("$.ups['x','y']", ALWAYS),
        ("$.ups['x','z']", SOMETIMES),
        ("$.any.*", SOMETIMES),
        ("$.one[0]", ALWAYS),
        ("$.one[-1]", ALWAYS),
        ("$.one[1]", SOMETIMES),
        ("$.one[-2]", SOMETIMES),
        ("$.one.id", NEVER),
        ("$.one[*].id", ALWAYS),
        ("$.none[*]", SOMETIMES),
        ("$.none[?@.id]", SOMETIMES),
        ("$.one[?@.id]", ALWAYS),
        ("$.one[?@.nothing]", NEVER),
        ("$.one['a',0]", ALWAYS),
        ("$.one[:]", ALWAYS),
        ("$.one[::0]", NEVER),
        ("$.one[1:]", SOMETIMES),
        ("$.one[-3:1]", SOMETIMES),
        ("$.one[0:1000]", SOMETIMES),
        ("$.one[0:100]", ALWAYS),
        ("$.one[-100:]", ALWAYS),
        ("$.one[0:101]", SOMETIMES),
        ("$.one[-101:]", SOMETIMES),
        ("$.none[0]", SOMETIMES),
        ("$.none[-1]", SOMETIMES),
        ("$.none[0:1]", SOMETIMES),
        ("$.none[100:-100]", SOMETIMES),
        ("$.none[100:-100:1]", SOMETIMES),
        ("$.none[5:5]", NEVER),
        ("$.two[1]", ALWAYS),
        ("$.two[-2]", ALWAYS),
        ("$.two[2]", NEVER),
        ("$.two[2:]", NEVER),
        ("$.two[::-1]", ALWAYS),
        ("$.two['a']", NEVER),
        ("$.two[?@=='b']", ALWAYS),
        ("$.two[?@>'b']", NEVER),
        ("$.two[?@>='b']", ALWAYS),
        ("$.two[?@!='a']", ALWAYS),
        ("$..id", ALWAYS),
        ("$..nothing", NEVER),
        ("$..status", ALWAYS),
        ("$..[1]", ALWAYS),
        ("$[?@==3]", ALWAYS),
        ("$[?@==true]", ALWAYS),
        ("$[?@<3]", ALWAYS),
        ("$[?@<0]", SOMETIMES),
        ("$[?@<'' ]", SOMETIMES),
        ("$.ups[?@.status=='realized']", SOMETIMES),
        ("$.ups[?@.status=='existing']", NEVER),
        ("$.ups[?@.status==1]", NEVER),
        ("$.ups[?@.status!=1]", ALWAYS),
        ("$.ups[?@.status<true]", NEVER),
        ("$.ups[?@.status==null]", NEVER),
        ("$.ups[?@.status<='z']", ALWAYS),
        ("$.ups[?@.status && $.n==3]", ALWAYS),
        ("$.ups[?@.status && $.absent]", NEVER),
        ("$.ups[?@.nothing || $.maybe]", SOMETIMES),
        ("$.ups[?!@.nothing]", ALWAYS),
        ("$.ups[?!(@.status==$.two[0])]", ALWAYS),
        ("$.ups[?@.nothing==$.absent]", SOMETIMES),
        ("$.ups[?$.maybe==3]", SOMETIMES),
        ("$.ups[?$.n==$.maybe]", SOMETIMES),
        ("$.ups[?$.word!=$.absent]", ALWAYS),
        ("$.ups[?$.one[0].id==$.one[1].id]", SOMETIMES),
        ("$.ups[?$.one[7].id==$.n]", NEVER),
        ("$.ups[?$.two[0]=='a']", ALWAYS),
        ("$.ups[?$.two[5]=='a']", NEVER),
        ("$.ups[?$.n[0]=='a']", NEVER),
        ("$.ups[?length(@.status)>1]", SOMETIMES),
        ("$.ups[?match(@.status,'r.*')]", SOMETIMES),
        ("$.two[?@]", ALWAYS),
        ("$.any[?@]", SOMETIMES),
        ("$.any[?@.id]", SOMETIMES),
        ("$.any[?@==$.n]", NEVER),
        ("$.one[?@==$.ups]", SOMETIMES),
        ("$.one[?@==$.two]", NEVER),
    ],
)  # fmt: skip
def test_a_path_selects_as_certainly_as_is_proved(path: str, certainty: Certainty):
    assert selected(path, EVENT) is certainty
    for event in (FULL, BARE):  # two of the events that the shape stands for
        found = bool(jsonpath.find(path, event))
        assert found if certainty is ALWAYS else (not found or certainty is SOMETIMES)


def test_what_is_asked_of_the_selected_is_not_asked_in_filters():
    def is_object(shape: Shape) -> Certainty:
        return certainly(holds=isinstance(shape, Object))

    assert selected("$.one[?@.id]", EVENT, is_object) is ALWAYS
    assert selected("$.one[?@.id].id", EVENT, is_object) is NEVER
    assert selected("$.ups[?@[?$.n==3]]", EVENT, is_object) is ALWAYS
    assert selected("$.ups[?@[?$.absent]]", EVENT, is_object) is NEVER


@pytest.mark.parametrize(
    ("value", "certainty"), [(0, NEVER), ("", NEVER), (False, NEVER), (1, ALWAYS)]
)
def test_a_plain_value_counts_in_a_filter_by_its_truth_as_the_library_has_it(
    value: object, certainty: Certainty
):
    shape: Shape = Object({"a": Member(constant(value))})
    assert selected("$[?@]", shape) is certainty
    assert bool(jsonpath.find("$[?@]", {"a": value})) is (certainty is ALWAYS)
