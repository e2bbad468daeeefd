"""Paths that select the same are equal, however they are written."""

import pytest

from contracts.compatibility.paths.equal_paths import canonical


@pytest.mark.parametrize(
    ("one", "other", "are_equal"),
    [
        ("$.a", "$['a']", True),
        ("$.a", '$["a"]', True),
        ("$.a", "$..a", False),
        ("$.a[?@.b==1]", "$.a[?@.b==1.0]", True),
        ("$.a[?@.b==1]", "$.a[?@.b==1.5]", False),
        ("$.a[?1==@.b]", "$.a[?(1.0 == @['b'])]", True),
        ("$.a[?!(@.b==1)]", "$.a[?!(@.b==1.0)]", True),
        ("$.a[?!(@.b==1)]", "$.a[?@.b==1.0]", False),
        ("$.a[?@.b==1 && @.c<2]", "$.a[?@.b==1.0 && @.c<2.0]", True),
        ("$.a[?@.b==1 || @.c<2]", "$.a[?@.b==1.0 && @.c<2.0]", False),
        ("$.a[?count(@.b[?@.c==1])>1]", "$.a[?count(@.b[?@.c==1.0])>1.0]", True),
        ("$.a[?@.b[?@.c==1]]", "$.a[?@.b[?@.c==1.0]]", True),
        ("$.a[?@.b==1]", "$.a[?@.b=='1']", False),
        ("$.a[?@.b==1]", "$.a[?@.b==true]", False),
    ],
)
def test_one_text_stands_for_all_that_select_the_same(one: str, other: str, are_equal: bool):
    assert (canonical(one) == canonical(other)) is are_equal
