from mock_qualtrics.tenants.life_cycle import State
from mock_qualtrics.web.pages.workflows.list_contents import MOST_COUNTED, STATES, count_text


def test_each_state_has_a_name_of_its_own_and_a_meaning():
    assert set(STATES) == set(State)
    assert len({name for name, _ in STATES.values()}) == len(State)


def test_a_count_at_the_bound_stands_for_more():
    assert count_text(MOST_COUNTED - 1) == "499"
    assert count_text(MOST_COUNTED) == "500+"
