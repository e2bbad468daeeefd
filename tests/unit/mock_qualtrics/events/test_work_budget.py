"""A path may be so much work on an event and no more, whatever it says."""

import pytest

from mock_qualtrics.errors import PathFailedError
from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.work_budget import MOST_STEPS, WorkBudget

WIDE = [1] * 30_000
TEXTS = {"one": "a" * 60_000}


def test_paths_asked_of_one_event_share_what_it_is_worth():
    work = WorkBudget()
    Path("$[*]").values(WIDE, work)
    with pytest.raises(PathFailedError, match=f"more than {MOST_STEPS:,} steps"):
        Path("$[*]").values(WIDE, work)


def test_regular_expressions_of_one_event_share_their_time():
    work = WorkBudget()
    slow = Path("$[?search(@,'a*[bc]')]")
    for path in (slow, Path("$[?match(@,'a')]")):
        with pytest.raises(PathFailedError, match="regular expressions take longer"):
            path.values(TEXTS, work)
