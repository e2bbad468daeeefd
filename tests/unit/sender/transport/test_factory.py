"""Which transports there are."""

import pytest

from sender.clock import RealClock
from sender.errors import ConfigurationError
from sender.transport.factory import transport_named


def test_an_unknown_transport_is_named_with_those_there_are(endpoint):
    with pytest.raises(ConfigurationError, match="expected one of requests, fast"):
        transport_named("carrier-pigeon", endpoint, RealClock())
