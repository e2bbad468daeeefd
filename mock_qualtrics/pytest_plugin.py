"""The pytest plugin: a tenant of one's own in every test that asks for ``qualtrics``.

Loaded in every session of every project that has the package installed, so that nothing is
imported here before a test asks for it. What a test gets is in ``mock_qualtrics.testing``.
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
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def qualtrics_server() -> "Iterator[RunningServer]":
    """The server that all tests of this process share, each with a tenant of its own."""
    from mock_qualtrics.server import serve_in_thread  # noqa: PLC0415  paid by the first user

    with serve_in_thread() as server:
        yield server


@pytest.fixture
def qualtrics_settings() -> dict[str, Any]:
    """Settings of the tenant; override it in a module or a conftest. A marker's come on top."""
    return {}


@pytest.fixture
def qualtrics(
    request: pytest.FixtureRequest,
    qualtrics_server: "RunningServer",
    qualtrics_settings: dict[str, Any],
) -> "Iterator[Qualtrics]":
    """A tenant of its own: URL, credential, limits, clock, faults and journal."""
    __tracebackhide__ = True
    from mock_qualtrics.testing import Qualtrics  # noqa: PLC0415  paid by the first user

    marker = request.node.get_closest_marker("qualtrics")
    chosen = {**qualtrics_settings, **(marker.kwargs if marker else {})}
    qualtrics_server.take_errors()  # what failed between tests is no test's doing
    tenant = Qualtrics(qualtrics_server, chosen)
    yield tenant
    tenant.close()
    errors = qualtrics_server.take_errors()
    if errors:
        raise ExceptionGroup("the mock failed while this test ran", errors)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell a failing test what the mock saw."""
    report = yield
    tenant = getattr(item, "funcargs", {}).get("qualtrics")
    if call.when == "call" and report.failed and call.excinfo and tenant is not None:
        from mock_qualtrics.testing import RunsNotSeenError  # noqa: PLC0415  loaded with the tenant

        report.sections += tenant.sections(
            is_explained=call.excinfo.errisinstance(RunsNotSeenError)
        )
    return report
