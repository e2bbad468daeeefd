"""One mock for all scenarios, each of which has a tenant of its own."""

from collections.abc import Callable, Iterator

import pytest

from contracts.conformance.suite import Suite
from support import RunningMock, start_mock


@pytest.fixture(scope="session")
def conformance_mock(tmp_path_factory) -> Iterator[RunningMock]:
    with start_mock("--wire-faults", folder=tmp_path_factory.mktemp("mock")) as mock:
        yield mock


@pytest.fixture
def suite(conformance_mock) -> Callable[..., Suite]:
    """Return a function that makes a suite for a connector in sh, and its other settings."""

    def make(script: str, **setting: object) -> Suite:
        return Suite(("sh", "-c", script), conformance_mock.control_url, **setting)

    return make
