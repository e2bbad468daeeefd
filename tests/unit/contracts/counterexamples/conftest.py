import dataclasses
from collections.abc import Callable

import pytest

from contracts.conformance.recording import MISSING, Call, Ending, Recording

CALL = Call(
    request_id="r-1",
    at=1.0,
    method="POST",
    path="/inbound-event/v1/events/json/triggers",
    status=202,
    reason=None,
    run_ids=("run-1",),
    trace_id=None,
    headers={"content-type": "application/json", "host": "127.0.0.1", "authorization": "***"},
    token_in=frozenset({"basic"}),
    faults=(),
    body=MISSING,
    text='{"a":1}',
)


@pytest.fixture
def call() -> Callable[..., Call]:
    return lambda **changes: dataclasses.replace(CALL, **changes)


@pytest.fixture
def recording() -> Callable[..., Recording]:
    def make(*calls: Call, exit_code: int | None = 0) -> Recording:
        return Recording(tuple(calls), (), Ending(exit_code))

    return make
