"""Prometheus metrics of an export (extra ``prometheus``), as a subscriber."""

from contracts.extras import missing_extra
from sender import events
from sender.errors import ConfigurationError, MissingExtraError

try:
    import prometheus_client as prometheus
except ImportError as error:  # pragma: no cover  the extra is there in tests
    raise MissingExtraError(
        missing_extra("metrics need", "prometheus_client", "prometheus")
    ) from error


class PrometheusMetrics:
    """A subscriber that counts events as Prometheus metrics.

    Args:
        registry: where the metrics are registered; default: a new registry.

    Attributes:
        registry: where the metrics are registered.
        url: where the metrics are served; None if they are not.

    Example:
        >>> metrics = PrometheusMetrics()
        >>> metrics(events.MessageActivated("trace-1", attempts=1))
        >>> metrics.registry.get_sample_value("sender_messages_total", {"state": "activated"})
        1.0
    """

    def __init__(self, registry: prometheus.CollectorRegistry | None = None) -> None:
        self.registry = registry or prometheus.CollectorRegistry()
        self.url: str | None = None
        self._messages = prometheus.Counter(
            "sender_messages", "Messages by how they ended", ["state"], registry=self.registry
        )
        self._attempts = prometheus.Counter(
            "sender_attempts", "Calls by outcome", ["outcome", "status"], registry=self.registry
        )
        self._seconds = prometheus.Histogram(
            "sender_attempt_seconds", "How long calls took", registry=self.registry
        )
        self._alerts = prometheus.Counter(
            "sender_alerts", "Alerts by Adobe's names", ["alert"], registry=self.registry
        )
        self._circuit = prometheus.Gauge(
            "sender_circuit_open", "1 while the destination counts as down", registry=self.registry
        )

    def __call__(self, event: events.Event) -> None:
        """Count one event."""
        match event:
            case events.AttemptEnded():
                status = "" if event.status is None else str(event.status)
                self._attempts.labels(event.outcome, status).inc()
                self._seconds.observe(event.seconds)
            case events.MessageActivated():
                self._messages.labels("activated").inc()
            case events.MessageFailed():
                self._messages.labels("failed").inc()
            case events.MessageUncertain():
                self._messages.labels("uncertain").inc()
            case (
                events.DestinationFlowRunStart()
                | events.DestinationFlowRunSuccess()
                | events.DestinationFlowRunFailure()
                | events.DestinationFlowRunDelay()
                | events.ActivationSkipRateExceeded()
            ):
                self._alerts.labels(event.alert).inc()
            case events.CircuitOpened():
                self._circuit.set(1)
            case events.CircuitClosed():
                self._circuit.set(0)


def serve_metrics(port: int) -> PrometheusMetrics:
    """Serve metrics on a loopback port until the process ends; port 0 picks a free one.

    Raises:
        ConfigurationError: the port cannot be used.

    Example:
        >>> serve_metrics(0).url  # doctest: +ELLIPSIS
        'http://127.0.0.1:.../metrics'
    """
    metrics = PrometheusMetrics()
    try:
        server, _ = prometheus.start_http_server(port, "127.0.0.1", registry=metrics.registry)
    except OSError as error:
        raise ConfigurationError(f"--metrics-port {port}: {error.strerror}") from error
    metrics.url = f"http://127.0.0.1:{server.server_port}/metrics"
    return metrics
