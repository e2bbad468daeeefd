"""The pytest plugin: each test that uses the fixture ``qualtrics`` gets its own tenant.

pytest loads this module in every project that has the package installed. So nothing else is
imported before a test uses the fixture. What a test gets is in ``mock_qualtrics.testing``.
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mock_qualtrics.server import RunningServer
    from mock_qualtrics.testing import Qualtrics

MARKER = (
    "qualtrics(clock='virtual', limits={...}, seed=..., workflow={...}): "
    "settings of the tenant that the fixture `qualtrics` gives this test"
)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def qualtrics_server() -> "Iterator[RunningServer]":
    """The server that all tests of this process share, each with its own tenant."""
    from mock_qualtrics.server import serve_in_thread  # noqa: PLC0415  only for tests that use it

    with serve_in_thread() as server:
        yield server


@pytest.fixture
def qualtrics_settings() -> dict[str, Any]:
    """The tenant's settings; override in a module or a conftest. A marker's take precedence."""
    return {}


@pytest.fixture
def qualtrics(
    request: pytest.FixtureRequest,
    qualtrics_server: "RunningServer",
    qualtrics_settings: dict[str, Any],
) -> "Iterator[Qualtrics]":
    """The test's own tenant: URL, credential, limits, clock, faults and journal."""
    __tracebackhide__ = True
    from mock_qualtrics.testing import Qualtrics  # noqa: PLC0415  only for tests that use it

    marker = request.node.get_closest_marker("qualtrics")
    settings = {**qualtrics_settings, **(marker.kwargs if marker else {})}
    qualtrics_server.take_errors()  # errors between two tests must not fail this one
    tenant = Qualtrics(qualtrics_server, settings)
    yield tenant
    tenant.close()
    errors = qualtrics_server.take_errors()
    if errors:
        raise ExceptionGroup("the mock failed while this test ran", errors)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the mock saw to the report of a failing test."""
    report = yield
    tenant = getattr(item, "funcargs", {}).get("qualtrics")
    if call.when == "call" and report.failed and call.excinfo and tenant is not None:
        from mock_qualtrics.testing import RunsNotSeenError  # noqa: PLC0415  loaded with the tenant

        report.sections += tenant.sections(
            is_explained=call.excinfo.errisinstance(RunsNotSeenError)
        )
    return report
