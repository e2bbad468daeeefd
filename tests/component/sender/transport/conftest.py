"""The transports under test, and posting with them."""

import pytest

from sender.clock import RealClock
from sender.outbox.records import StoredMessage
from sender.transport.base import Endpoint, Transport
from sender.transport.factory import TRANSPORTS, transport_named
from sender.transport.outcomes import Outcome

BODY = b'{"identityMap":{"Email":[{"id":"Email-2Sf6C"}]}}'


@pytest.fixture(params=TRANSPORTS)
def make(request):
    made = []

    def make(endpoint: Endpoint, workers: int = 2) -> Transport:
        made.append(transport_named(request.param, endpoint, RealClock(), workers))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


def _posted(transport: Transport, count: int = 1, body: bytes = BODY) -> list[Outcome]:
    """Post messages one after the other and return how they ended."""
    outcomes = []
    for seq in range(1, count + 1):
        transport.submit(StoredMessage(seq, f"trace-{seq}", body))
        ended = []
        while not ended:
            ended = transport.completed(5)
        outcomes += [completed.outcome for completed in ended]
    return outcomes


@pytest.fixture
def posted():
    """Return what posts messages and tells how they ended."""
    return _posted
