"""How certainties combine."""

import pytest

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES, all_of, any_of, over_all

EVERY = (ALWAYS, SOMETIMES, NEVER)


def test_both_is_as_certain_as_the_less_certain_and_either_as_the_more_certain():
    order = {NEVER: 0, SOMETIMES: 1, ALWAYS: 2}
    for one in EVERY:
        for other in EVERY:
            assert one & other == min(one, other, key=order.__getitem__)
            assert one | other == max(one, other, key=order.__getitem__)
            assert all_of([one, other]) == one & other
            assert any_of([one, other]) == one | other
    assert (all_of([]), any_of([])) == (ALWAYS, NEVER)


def test_over_several_kinds_of_messages_only_what_holds_of_each_is_certain():
    assert over_all([ALWAYS, ALWAYS]) is ALWAYS
    assert over_all([ALWAYS, NEVER]) is over_all([NEVER, SOMETIMES]) is SOMETIMES
    with pytest.raises(ValueError, match="no messages"):
        over_all([])
