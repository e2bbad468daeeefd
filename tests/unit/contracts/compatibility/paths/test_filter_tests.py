"""How certain a filter is that compares what one path selects, where that may be missing."""

import pytest

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES, Certainty
from contracts.compatibility.paths.selection import selected
from contracts.compatibility.shape import TEXT, Array, Member, Object, Scalar, constant

EVENT = Object(
    {
        "three": Member(constant(3)),
        "two": Member(Array((constant("a"), constant("b")))),
        "same": Member(Array((constant("a"),), constant("a"))),
        "mixed": Member(Array((constant("a"),), Scalar(frozenset({TEXT})))),
    }
)


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
    ],
)
def test_a_comparison_holds_as_certainly_as_is_proved(test: str, certainty: Certainty):
    assert selected(f"$[?{test}]", EVENT) is certainty
