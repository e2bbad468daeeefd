"""The work that one event may be, shared by all that is asked of it."""

import pytest

from mock_qualtrics.errors import PathFailedError, TooMuchWorkError
from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.work_budget import WorkBudget


def test_an_event_is_worth_50_000_steps():
    work = WorkBudget()
    work.spend(50_000)
    with pytest.raises(TooMuchWorkError, match="more than 50,000 steps on this event"):
        work.spend(1)


def test_paths_asked_of_one_event_share_what_it_is_worth(little_work):
    work, wide = WorkBudget(), [1] * 3_000
    Path("$[*]").values(wide, work)
    with pytest.raises(PathFailedError, match=f"more than {little_work:,} steps"):
        Path("$[*]").values(wide, work)


@pytest.mark.usefixtures("little_work")
def test_regular_expressions_of_one_event_share_their_time():
    work, texts = WorkBudget(), {"one": "a" * 60_000}
    slow = Path("$[?search(@,'a*[bc]')]")
    for path in (slow, Path("$[?match(@,'a')]")):
        with pytest.raises(PathFailedError, match="regular expressions take longer"):
            path.values(texts, work)


def test_a_budget_may_be_a_share_of_the_whole():
    work = WorkBudget(share=0.2)
    assert 0.04 < work.regex_seconds() <= 0.05
    work.spend(10_000)
    with pytest.raises(TooMuchWorkError):
        work.spend(1)
