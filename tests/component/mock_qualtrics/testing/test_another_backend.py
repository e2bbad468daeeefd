"""The fixture's tenant over a backend that is no server in this process."""

from collections.abc import Mapping
from typing import Any

import pytest

from mock_qualtrics.clock import SECOND
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.server import serve_in_thread
from mock_qualtrics.testing import Qualtrics, RunsNotSeenError
from mock_qualtrics.testing.backend import Backend, EngineBackend, backend_of


class SlowBackend(EngineBackend):
    """Forwards to an engine; its time is its own, and each wait takes two seconds of it."""

    def __init__(self, server) -> None:
        super().__init__(server)
        self.instant = 0
        self.waits: list[float] = []

    def now(self) -> int:
        return self.instant

    def wait(
        self, tenant_id: str, wanted: Mapping[str, int], timeout_seconds: float
    ) -> dict[str, Any] | None:
        self.waits.append(timeout_seconds)
        self.instant += 2 * SECOND
        return {"succeeded": 0} if timeout_seconds else None


@pytest.fixture(scope="module")
def server():
    with serve_in_thread() as running:
        yield running


def test_a_server_in_the_process_is_asked_through_its_engine(server):
    assert isinstance(backend_of(server), EngineBackend)
    assert isinstance(backend_of(server), Backend)


def test_a_tenant_uses_the_backend_that_it_is_given(server):
    backend = SlowBackend(server)
    assert backend_of(backend) is backend
    tenant = Qualtrics(backend, {"clock": "virtual", "workflow": {"name": "Mine"}})
    assert backend.clock(tenant.id) == tenant.clock.now()
    assert tenant.clock.advance(seconds=60) == backend.clock(tenant.id)
    assert tenant.requests() == tenant.runs() == []
    tenant.close()
    with pytest.raises(NotFoundError):
        backend.check_tenant(tenant.id)


def test_a_wait_s_deadline_is_in_the_backend_s_time(server):
    backend = SlowBackend(server)
    tenant = Qualtrics(backend, {})
    with pytest.raises(RunsNotSeenError, match="Awaited succeeded 1 within 5 s"):
        tenant.wait_for_runs(event={"n": 1}, timeout_seconds=5)
    assert backend.waits == [5.0, 3.0, 1.0, 0.0]
    tenant.close()
