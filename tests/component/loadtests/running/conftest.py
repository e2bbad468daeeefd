"""Load tests of a test's own tenant, in the test's process."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from mock_qualtrics.testing import Qualtrics
from support.one_process import OneProcess

LATE = ("--generator-late-ms", "60000", "--generator-processor-share", "1000")


@pytest.fixture
def load(qualtrics: Qualtrics, monkeypatch) -> Iterator[Callable[..., OneProcess]]:
    """Make load tests of the test's own tenant."""
    monkeypatch.setenv("QUALTRICS_URL", qualtrics.trigger_url)
    monkeypatch.setenv("QUALTRICS_USERNAME", qualtrics.username)
    monkeypatch.setenv("QUALTRICS_API_TOKEN", qualtrics.api_token)
    with ExitStack() as stack:

        def make(*words: str, users: int = 4) -> OneProcess:
            made = OneProcess(*LATE, *words, users=users)
            stack.callback(made.close)
            return made

        yield make
