"""What the metrics count."""

from sender import events
from sender.metrics import PrometheusMetrics


def test_metrics_count_attempts_and_ends():
    metrics = PrometheusMetrics()
    for event in (
        events.AttemptEnded("t", 1, 200, 0.1, "answered"),
        events.AttemptEnded("t", 1, None, 0.1, "lost"),
        events.MessageActivated("t", 1),
        events.MessageFailed("t", 1, "500", ""),
        events.MessageUncertain("t", 1, "504", ""),
        events.CircuitOpened("down", 1.0),
        events.ProgressMade(1, 1, 0, 0, 0),
    ):
        metrics(event)

    def value(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(name, labels)

    assert value("sender_attempts_total", outcome="answered", status="200") == 1
    assert value("sender_attempts_total", outcome="lost", status="") == 1
    assert [
        value("sender_messages_total", state=state)
        for state in ("activated", "failed", "uncertain")
    ] == [1, 1, 1]
    assert value("sender_circuit_open") == 1
    metrics(events.CircuitClosed())
    assert value("sender_circuit_open") == 0
