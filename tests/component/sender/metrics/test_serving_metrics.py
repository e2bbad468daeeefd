"""Serving the metrics over HTTP."""

import socket

import prometheus_client
import pytest

from sender.errors import ConfigurationError
from sender.metrics import serve_metrics


def test_a_port_in_use_for_metrics_is_a_wrong_configuration():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigurationError, match="--metrics-port"):
            serve_metrics(taken.getsockname()[1])
    assert prometheus_client.CollectorRegistry is not None
