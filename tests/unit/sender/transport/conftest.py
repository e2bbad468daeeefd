"""An endpoint that nobody calls."""

import pytest

from contracts.secret import Secret
from sender.transport.base import Endpoint

URL = "http://127.0.0.1:9/triggers?urlTokenId=00000000-0000-4000-8000-00000000beef"


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint(URL, "dave@example.com#brand", Secret("PLACEHOLDER-TOKEN"), 2.0, 2.0)
