"""Alerts on a dataflow run that has ended: Adobe's (A-ALRT-1), and the sender's own. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from sender import events
from sender.reporting.report import COMPLETED, FAILED, Report

SKIP_RATE_ABOVE = 0.01  # Adobe documents that there is a threshold, and not which
KEPT_FROM = 0.95  # a reached rate under this share of the offered one was not kept


@dataclass(frozen=True, slots=True)
class AlertThresholds:
    """What a run is expected to reach.

    Attributes:
        activation_rate_below: the activation rate under which an alert tells of it; None: only
            messages that failed do.
        skip_rate_above: the share of excluded profiles above which an alert tells of it.
        offered_rate: first tries per second that were asked for; None: none were.
    """

    activation_rate_below: float | None = None
    skip_rate_above: float = SKIP_RATE_ABOVE
    offered_rate: float | None = None


def alerts_of(report: Report, dataflow: str, thresholds: AlertThresholds) -> Iterator[events.Event]:
    """Yield the alerts on a run that has ended.

    Args:
        report: the run's report.
        dataflow: the dataflow's name.
        thresholds: what the run is expected to reach.
    """
    offered, reached = thresholds.offered_rate, report.reached_rate
    if offered is not None and reached is not None and not was_kept(offered, reached):
        yield events.OfferedRateMissed(offered, reached)
    lost, below = report.failed + report.uncertain, thresholds.activation_rate_below
    if lost or report.is_rate_below(below):
        yield events.ActivationRateLow(report.activation_rate, below, lost, report.pending)
    yield from _adobes_alerts(report, dataflow, thresholds.skip_rate_above)


def _adobes_alerts(report: Report, dataflow: str, skip_rate_above: float) -> Iterator[events.Event]:
    """Yield Adobe's alerts; a run that was interrupted is neither a success nor a failure."""
    received = report.profiles_received
    skip_rate = report.excluded / received if received else 0.0
    if skip_rate > skip_rate_above:
        yield events.ActivationSkipRateExceeded(dataflow, skip_rate, skip_rate_above)
    lost = report.failed + report.uncertain
    if lost or report.status == FAILED:
        yield events.DestinationFlowRunFailure(dataflow, lost, report.stopped_because)
    elif report.status == COMPLETED:
        yield events.DestinationFlowRunSuccess(dataflow, report.activated)


def was_kept(offered: float, reached: float) -> bool:
    """Return whether an offered rate was reached, by 95 % at least."""
    return reached >= KEPT_FROM * offered
