"""Adobe's alerts on a dataflow run that has ended (A-ALRT-1). Pure."""

from collections.abc import Iterator

from sender import events
from sender.reporting.report import COMPLETED, FAILED, Report

SKIP_RATE_ABOVE = 0.01  # Adobe documents that there is a threshold, and not which


def alerts_of(report: Report, dataflow: str, skip_rate_above: float) -> Iterator[events.Event]:
    """Yield the alerts on a run that has ended; one that was interrupted is not judged.

    Args:
        report: the run's report.
        dataflow: the dataflow's name.
        skip_rate_above: the share of excluded profiles above which an alert tells of it.
    """
    received = report.profiles_received
    skip_rate = report.excluded / received if received else 0.0
    if skip_rate > skip_rate_above:
        yield events.ActivationSkipRateExceeded(dataflow, skip_rate, skip_rate_above)
    lost = report.failed + report.uncertain
    if lost or report.status == FAILED:
        yield events.DestinationFlowRunFailure(dataflow, lost, report.stopped_because)
    elif report.status == COMPLETED:
        yield events.DestinationFlowRunSuccess(dataflow, report.activated)
