"""The pages of the list of workflows."""

from types import SimpleNamespace

import pytest

from mock_qualtrics.tenants.life_cycle import State
from mock_qualtrics.web.control.inputs import BadRequestError
from mock_qualtrics.web.pages.workflows.list_pages import (
    PAGE_WORKFLOWS,
    WantedWorkflows,
    page_with,
    read_wanted,
    workflow_page,
)


def workflows(*positions: int) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            position=position,
            name=f"Survey {position}",
            state=State.DISABLED if position % 2 else State.ACTIVE,
        )
        for position in positions
    ]


def shown(positions, **wanted: str | int) -> list[int]:
    page = workflow_page(workflows(*positions), WantedWorkflows(**wanted))
    return [workflow.position for workflow in page.workflows]


def test_pages_follow_each_other_without_a_gap_both_ways():
    every = workflows(*range(100, 2, -2))  # in any order, with gaps of what was deleted
    seen, pages, first = [], [], 0
    while first is not None:
        page = workflow_page(every, WantedWorkflows(first=first))
        pages.append((first, page))
        seen += [workflow.position for workflow in page.workflows]
        first = page.newer
    assert seen == list(range(4, 101, 2))
    assert [page.found for _, page in pages] == [49] * 3
    assert pages[0][1].older is None
    assert [page.older for _, page in pages[1:]] == [4, pages[1][0]]


def test_a_page_goes_on_though_its_first_workflow_was_deleted():
    assert shown([1, 2, 5, 6], first=3) == [5, 6]
    assert shown([1, 2], first=3) == []


def test_names_and_states_are_looked_for():
    assert shown(range(1, 13), text="survey 1") == [1, 10, 11, 12]
    assert shown(range(1, 7), state="disabled") == [1, 3, 5]
    assert shown(range(1, 7), state="draft") == []


def test_the_page_of_a_workflow_shows_it():
    every = workflows(*range(3, 103, 2))
    for workflow in every:
        page = workflow_page(every, page_with(every, workflow))
        assert workflow in page.workflows
        assert len(page.workflows) in (PAGE_WORKFLOWS, 10)
    assert page_with(every, every[0]) == WantedWorkflows()


def test_parameters_read_back_as_they_were_given():
    wanted = WantedWorkflows("a b", "draft", 7)
    texts = {name: str(value) for name, value in wanted.parameters.items()}
    assert read_wanted(texts) == wanted
    assert read_wanted({}) == WantedWorkflows()
    assert WantedWorkflows().parameters == {}


@pytest.mark.parametrize(
    "given", [{"state": "on"}, {"from": "-1"}, {"from": "x"}, {"from": "9" * 30}, {"from": "²"}]
)
def test_what_is_no_page_is_told(given):
    with pytest.raises(BadRequestError, match=next(iter(given))):
        read_wanted(given)
