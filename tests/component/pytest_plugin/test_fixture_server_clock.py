"""A conftest that chooses the server's clock chooses it for the fixture ``qualtrics``, too."""

import pytest

from mock_qualtrics.errors import NotVirtualError
from mock_qualtrics.testing import Qualtrics


@pytest.fixture(scope="session")
def qualtrics_server_settings():
    return {"clock": "virtual"}


def test_the_server_s_clock_is_the_fixture_s(qualtrics: Qualtrics):
    assert qualtrics.clock.now() == "2026-01-01T00:00:00.000000Z"


@pytest.mark.qualtrics(clock="real")
def test_a_marker_s_clock_comes_on_top(qualtrics: Qualtrics):
    with pytest.raises(NotVirtualError):
        qualtrics.clock.advance(seconds=1)
