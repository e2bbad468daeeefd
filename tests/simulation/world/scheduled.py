"""Lets a schedule's happenings happen, each at its moment."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial, singledispatchmethod
from typing import Any

from contracts.secret import Secret
from mock_qualtrics.errors import StoreFailedError, UnknownFaultError
from mock_qualtrics.faults.effects import Fault
from simulation.schedule import (
    AnswersLost,
    ClockStepped,
    Crash,
    DiskFull,
    Happening,
    MockFault,
    NetworkSlow,
    OtherClient,
    SenderStopped,
    TokenReplaced,
    WorkflowEdited,
    name_of,
)
from simulation.world.mock_side import MockSide
from simulation.world.network import Network
from simulation.world.sender_side import SenderSide
from simulation.world.timeline import Timeline
from simulation.world.watched_sqlite import CommitPoints

SECOND_US = 1_000_000


class Scheduled:
    """The happenings of a schedule that have a moment.

    Args:
        happenings: all of the schedule.
        timeline: the clock.
        mock: the mock.
        sender: the sender.
        network: what is between them.
        disks: what both sides' connections pass, by side.
        note: writes a line of the trace.

    Attributes:
        hits: how often each took effect that nobody else counts.
    """

    def __init__(
        self,
        happenings: Iterable[Happening],
        timeline: Timeline,
        mock: MockSide,
        sender: SenderSide,
        network: Network,
        disks: dict[str, CommitPoints],
        *,
        note: Callable[[str, str], None],
    ) -> None:
        self._timeline = timeline
        self._mock = mock
        self._sender = sender
        self._network = network
        self._disks = disks
        self._note = note
        self._by_call: dict[int, list[Happening]] = {}
        self._fault_ids: set[str] = set()
        self._newest_token = Secret("")
        self._unedited: dict[str, Mapping[str, Any]] = {}
        self.hits: Counter[str] = Counter()
        for happening in happenings:
            if not isinstance(happening, Crash):
                self._by_call.setdefault(happening.after_calls, []).append(happening)

    def called(self, number: int) -> None:
        """Plan what comes after this call of the sender; 0: after the start."""
        for happening in self._by_call.pop(number, ()):
            if not isinstance(happening, Crash):
                self._timeline.after(happening.then_us, partial(self._begin, happening), priority=0)

    def _begin(self, happening: Happening) -> None:
        """Do what a control client does: try again while the mock is down, or refuses."""
        if isinstance(happening, _OF_MOCK) and self._mock.engine is None:
            self._later(partial(self._begin, happening))
            return
        self._note("world", f"{name_of(happening)} begins")
        try:
            self._happen(happening)
        except StoreFailedError:
            self._later(partial(self._begin, happening))
        except BaseException:
            self._later(partial(self._begin, happening))  # the mock has crashed meanwhile
            raise

    def _later(self, action: Callable[[], None]) -> None:
        self._timeline.after(SECOND_US, action, priority=0)

    @singledispatchmethod
    def _happen(self, happening: Happening) -> None:
        raise AssertionError(f"nobody knows how {happening} happens")

    @_happen.register
    def _add_fault(self, happening: MockFault) -> None:
        faults = self._mock.tenant.faults
        # One that was stored just before the mock crashed is there: look before adding it again.
        stored = (fault for fault in faults.all() if self._is_unknown(fault, happening))
        fault = next(stored, None) or faults.add(happening.fault)
        self._fault_ids.add(fault.id)
        self._timeline.after(happening.lasts_us, partial(self._remove_fault, fault.id))

    def _is_unknown(self, fault: Fault, happening: MockFault) -> bool:
        return fault.id not in self._fault_ids and fault.kind.name == happening.fault["kind"]

    def _remove_fault(self, fault_id: str) -> None:
        def remove() -> None:
            with contextlib.suppress(UnknownFaultError):
                self._mock.tenant.faults.remove(fault_id)
            self._note("world", f"{fault_id} is removed")

        self._persist(remove)

    def _persist(self, change: Callable[[], None]) -> None:
        """Make a change of the mock, and try again until it is made."""
        again = partial(self._persist, change)
        if self._mock.engine is None:
            self._later(again)
            return
        try:
            change()
        except StoreFailedError:
            self._later(again)
        except BaseException:
            self._later(again)
            raise

    @_happen.register
    def _lose_answers(self, happening: AnswersLost) -> None:
        self._network.answers_to_lose += happening.answers

    @_happen.register
    def _slow_down(self, happening: NetworkSlow) -> None:
        self._network.slow_us += happening.delay_us
        self._timeline.after(happening.lasts_us, partial(self._fasten, happening))

    @_happen.register
    def _call_too(self, happening: OtherClient) -> None:
        self.hits[name_of(happening)] += 1
        self._mock.other_calls(happening.calls, happening.workflow)

    @_happen.register
    def _step_clock(self, happening: ClockStepped) -> None:
        self.hits[name_of(happening)] += 1
        self._sender.clock.wrong_by_us += happening.by_us

    @_happen.register
    def _stop_sender(self, happening: SenderStopped) -> None:
        self.hits[name_of(happening)] += self._sender.exporter is not None
        self._sender.stop(happening.pause_us)

    def _fasten(self, happening: NetworkSlow) -> None:
        self._network.slow_us -= happening.delay_us

    @_happen.register
    def _fill(self, happening: DiskFull) -> None:
        disk = self._disks[happening.side]
        disk.is_full, disk.fails_at_commit = True, happening.then_us % 2 == 1
        self._timeline.after(happening.lasts_us, partial(self._empty, disk))

    def _empty(self, disk: CommitPoints) -> None:
        disk.is_full = False

    @_happen.register
    def _edit(self, happening: WorkflowEdited) -> None:
        workflow = self._mock.workflow(happening.workflow)
        # What another edit has changed, or this one before the mock crashed, is not to come back.
        before = self._unedited.setdefault(workflow.id, workflow.to_mapping(""))
        self._mock.up().tenants.update_workflow(workflow.id, happening.changes)
        self.hits[name_of(happening)] += 1
        if happening.lasts_us:
            earlier = {name: before[name] for name in happening.changes if name in before}
            back = partial(self._edit_back, workflow.id, earlier)
            self._timeline.after(happening.lasts_us, partial(self._persist, back))

    def _edit_back(self, workflow_id: str, earlier: dict[str, object]) -> None:
        self._mock.up().tenants.update_workflow(workflow_id, earlier)
        self._note("world", "the workflow's earlier settings are back")

    @_happen.register
    def _replace_token(self, happening: TokenReplaced) -> None:
        tenant = self._mock.up().tenants.new_token(self._mock.tenant.id)
        self._newest_token = Secret(tenant.api_token.reveal())
        self.hits[name_of(happening)] += 1
        self._timeline.after(happening.noticed_after_us, self._notice)

    def _notice(self) -> None:
        self._sender.token = self._newest_token  # who looks late finds the latest one
        self._note("sender", "is given the new token")
        self._sender.stop(0)


_OF_MOCK = (MockFault, WorkflowEdited, TokenReplaced, OtherClient)
