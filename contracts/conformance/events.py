"""What happens to the tenant while a connector runs: a new token, a workflow that is disabled."""

from collections.abc import Callable, Mapping, Sequence

from contracts.conformance.scenario import Event
from contracts.conformance.stage import Stage
from contracts.control_client import ControlClient

_ACTIONS: Mapping[str, Callable[[ControlClient, Stage], object]] = {
    "new-token": lambda control, stage: control.new_token(stage.tenant_id),
    "disable": lambda control, stage: control.disable_workflow(stage.workflow_id),
    "enable": lambda control, stage: control.enable_workflow(stage.workflow_id),
    "publish": lambda control, stage: control.publish_workflow(stage.workflow_id),
}


class Events:
    """Does what a scenario has for the time in which the connector runs."""

    def __init__(self, control: ControlClient, stage: Stage, events: Sequence[Event]) -> None:
        self._control = control
        self._stage = stage
        self._events = list(events)

    def __call__(self) -> None:
        """Do what is due by now; called again and again while the connector runs."""
        if self._events:
            totals = self._control.totals(self._stage.tenant_id)
            while self._events and totals[self._events[0].count] >= self._events[0].reached:
                _ACTIONS[self._events.pop(0).action](self._control, self._stage)
