"""What the tests of several commands share."""

from collections.abc import Callable

import pytest

from contracts import tables


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Print as on a terminal of so many columns."""

    def of(columns: int) -> None:
        monkeypatch.setattr(tables, "on_terminal", lambda: True)
        monkeypatch.setenv("COLUMNS", str(columns))

    return of
