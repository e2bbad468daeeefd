"""How certain a filter is that compares what one path selects, where that may be missing."""

import jsonpath_rfc9535 as jsonpath
import pytest

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES, Certainty
from contracts.compatibility.paths.selection import selected
from contracts.compatibility.shape import TEXT, Array, Member, Object, Scalar, constant

EVENT = Object(
    {
        "three": Member(constant(3)),
        "part": Member(Object({"sure": Member(constant(1))}), SOMETIMES),
        "maybe": Member(constant(3), SOMETIMES),
        "two": Member(Array((constant("a"), constant("b")))),
        "same": Member(Array((constant("a"),), constant("a"))),
        "mixed": Member(Array((constant("a"),), Scalar(frozenset({TEXT})))),
    }
)
VALUES = {
    "three": 3,
    "part": {"sure": 1},
    "maybe": 3,
    "two": ["a", "b"],
    "same": ["a"],
    "mixed": ["a", "c"],
}


@pytest.mark.parametrize(
    ("test", "certainty"),
    [
        ("$.three==3", ALWAYS),
        ("$.none==3", NEVER),
        ("$.none!=3", ALWAYS),
        ("$.none.below==3", NEVER),
        ("$.three.below==3", NEVER),
        ("$.three[0]==3", NEVER),
        ("$.two[0]=='a'", ALWAYS),
        ("$.two[-1]=='b'", ALWAYS),
        ("$.two[-2]=='a'", ALWAYS),
        ("$.two[-3]=='a'", NEVER),
        ("$.two[1]=='b'", ALWAYS),
        ("$.two[2]=='a'", NEVER),
        ("$.two.a=='a'", NEVER),
        ("$.same[0]=='a'", ALWAYS),
        ("$.same[1]=='a'", SOMETIMES),
        ("$.same[1]=='b'", NEVER),
        ("$.mixed[0]=='a'", SOMETIMES),
        ("$.mixed[0]==3", NEVER),
        ("$.three!=3", NEVER),
        ("$.three!=4", ALWAYS),
        ("$.mixed[0]!='a'", SOMETIMES),
        ("3==$.three", ALWAYS),
        ("4==$.three", NEVER),
        ("$.three>=2", ALWAYS),
        ("$.three>=3", ALWAYS),
        ("$.three>=4", NEVER),
        ("$.three>2", ALWAYS),
        ("$.three>3", NEVER),
        ("$.three<=3", ALWAYS),
        ("$.three<=2", NEVER),
        ("$.three<4", ALWAYS),
        ("$.three<3", NEVER),
        ("$.part.sure==1", SOMETIMES),
        ("$.part.sure==2", NEVER),
        ("$.part.sure!=2", ALWAYS),
        ("$.maybe==3", SOMETIMES),
        ("$.none==$.none", SOMETIMES),
        ("$.three[0]==$.none", SOMETIMES),
        ("$.two[5]==$.none", SOMETIMES),
        ("$.two[5].below==$.none", SOMETIMES),
        ("$.none.below==$.none", SOMETIMES),
        ("null==null", ALWAYS),
        ("$.three==null", NEVER),
        ("$.none==null", NEVER),
        ("$.three[0]==null", NEVER),
        ("$.two[5]==null", NEVER),
        ("$.three && $.two", ALWAYS),
        ("$.three && $.none", NEVER),
        ("$.none || $.three", ALWAYS),
        ("!$.three", NEVER),
        ("!$.none", ALWAYS),
    ],
)
def test_a_comparison_holds_as_certainly_as_is_proved(test: str, certainty: Certainty):
    assert selected(f"$[?{test}]", EVENT) is certainty
    found = bool(jsonpath.find(f"$[?{test}]", VALUES))  # one of the events of that shape
    assert found if certainty is ALWAYS else (not found or certainty is SOMETIMES)


EITHER = Object({"x": Member(Array((constant("a"),)), SOMETIMES)}, never_empty=True)


@pytest.mark.parametrize(
    ("test", "certainty"),
    [
        ("@[0]=='a'", ALWAYS),
        ("'a'==@[0]", ALWAYS),
        ("'c'==@[0]", NEVER),
        ("@[0]!='c'", ALWAYS),
        ("!@[0]", NEVER),
        ("!@[1]", ALWAYS),
        ("$.x && @[0]", ALWAYS),
        ("$.x && @[1]", NEVER),
        ("$.none || @[0]", ALWAYS),
        ("@[0] && $.none", NEVER),
    ],
)
def test_each_side_of_a_filter_sees_what_is_tested(test: str, certainty: Certainty):
    assert selected(f"$[?{test}]", EITHER) is certainty
