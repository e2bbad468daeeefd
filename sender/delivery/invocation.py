"""One invocation of an export: it sends what is pending, and what a source still has.

It announces its start, and stores in the outbox why it ended early. A run has several invocations
if it is resumed.
"""

from sender import events
from sender.dataflow import Dataflow
from sender.delivery.decisions import StopExport
from sender.delivery.loop import DeliveryLoop, LoopParts
from sender.delivery.profile_intake import ProfileIntake
from sender.delivery.run_source import SourceRows
from sender.outbox.records import Run

INTERRUPTED = StopExport("interrupted")


class Invocation:
    """Sends messages as part of a run, once.

    Args:
        parts: the collaborators of the delivery loop.
        dataflow: destination, mapping and audiences.
        run: the run.
        source: the rows to read; None: none, only pending messages are sent.
    """

    def __init__(
        self, parts: LoopParts, dataflow: Dataflow, run: Run, source: SourceRows | None
    ) -> None:
        self._parts = parts
        self._dataflow = dataflow
        self._run = run
        self._intake = _intake(parts, dataflow, run, source)
        self._loop = DeliveryLoop(parts, self._intake, run.started_at)

    @property
    def stopped(self) -> StopExport | None:
        """Why it ended early; None if it did not."""
        return self._loop.stopped or (INTERRUPTED if self._loop.stop_requested else None)

    @property
    def hints(self) -> list[str]:
        """What profiles had in place of an identity or a status, one sentence each."""
        return list(self._intake.hints.sentences())

    @property
    def kept(self) -> dict[str, int]:
        """Number of profiles that stayed in an audience that their source did not tell of."""
        return dict(self._intake.kept)

    def stop(self) -> None:
        """Finish the calls in flight and start no more; safe from any thread or signal handler."""
        self._loop.stop_requested = True

    def send(self) -> None:
        """Send until nothing is left, or until :attr:`stopped` says why not.

        Raises:
            Exception: what the source of the profiles raised, after what was read was stored.
        """
        runs = self._parts.outbox.runs
        self._announce_start()
        runs.end(self._run.id, None)  # clear why an earlier invocation stopped
        try:
            self._loop.run()
        finally:
            stopped = self._loop.stopped
            runs.end(self._run.id, stopped.reason if stopped else self._intake.unread_because)
        if self._loop.intake_error is not None:
            raise self._loop.intake_error

    def _announce_start(self) -> None:
        parts, name = self._parts, self._dataflow.name
        pending = parts.outbox.messages.unfinished()
        parts.announcer.announce(events.ExportStarted(name, parts.policy.name, pending))
        parts.announcer.announce(events.DestinationFlowRunStart(name))
        if parts.policy.drops_messages and parts.pace.offered_rate is None:
            parts.announcer.announce(events.NoOfferedRate(parts.policy.name))


def _intake(
    parts: LoopParts, dataflow: Dataflow, run: Run, source: SourceRows | None
) -> ProfileIntake:
    rows = () if source is None else source.rows
    keeps_order = parts.policy.keeps_order
    intake = ProfileIntake(rows, dataflow, parts.outbox, run.id, parts.rng, keeps_order=keeps_order)
    if source is None:
        intake.finished = True
    else:
        intake.expected, intake.digest = source.expected, source.digest
    return intake
