"""What unit tests of several sub-packages need."""

import pytest

from mock_qualtrics.events import work_budget


@pytest.fixture
def little_work(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let an event be worth little work, so that it is soon used up; return its steps."""
    monkeypatch.setattr(work_budget, "MOST_STEPS", 5_000)
    monkeypatch.setattr(work_budget, "MOST_REGEX_SECONDS", 0.01)
    return 5_000
