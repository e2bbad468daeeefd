"""What is kept of a profile's last export."""

import pytest

from sender.mapping.profile_state import ProfileState

MEMBER = ProfileState("digest", {"a": "realized", "b": "exited", "c": "exited"})


def test_a_state_is_read_as_it_was_written():
    assert ProfileState.from_json(MEMBER.to_json()) == MEMBER


@pytest.mark.parametrize(
    ("audiences", "has_left"),
    [
        ({"a"}, False),
        ({"b"}, True),
        ({"b", "c"}, True),
        ({"a", "b"}, False),
        ({"b", "unknown"}, True),
        ({"unknown"}, False),
        ((), False),
    ],
)
def test_who_was_in_none_of_the_audiences_any_more_has_left_them(audiences, has_left):
    assert MEMBER.has_left(frozenset(audiences)) is has_left
