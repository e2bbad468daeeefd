"""The watch over one simulation: it is told what happens, and checks the invariants.

Each of the world's parts tells it what passes between the two sides. The first violation is kept;
the world looks for it after every step, and stops.
"""

from collections.abc import Mapping
from pathlib import Path

from simulation.invariants import (
    admitted,
    endings,
    kept,
    limits,
    minutes,
    once,
    order,
    totals,
    waits,
)
from simulation.invariants.files import Files
from simulation.invariants.seen import Ending, Seen, TakenCall
from simulation.invariants.stored import MockState, SenderState
from simulation.schedule import (
    ClockStepped,
    Crash,
    DiskFull,
    Happening,
    Schedule,
    SenderStopped,
    TokenReplaced,
    Violation,
    name_of,
)

HOUR_US = 3_600_000_000


class Watch:
    """Checks one simulation.

    Args:
        schedule: what the simulation follows.
        outbox: the sender's file; it is read through a connection of its own.
        store: the mock's file, likewise.
        tenant_number: the tenant's number in the store.

    Attributes:
        violation: the first one; None: there is none.
        step: the number of the present step, which the world counts.
        seen: what was seen so far.
    """

    def __init__(
        self, schedule: Schedule, outbox: Path, store: Path, tenant_number: int = 1
    ) -> None:
        self.violation: Violation | None = None
        self.step = 0
        self.seen = Seen()
        self._schedule, self._setup = schedule, schedule.setup
        self._files = Files(outbox, store, tenant_number)
        self._told = waits.Told()
        self._states: dict[str, int] = {}
        self._runs: dict[int, int] = {}
        self._totals: Mapping[str, int] = {}
        names = [name_of(happening) for happening in schedule.happenings]
        self._doublings = names.count(once.RUN_TWICE)
        kinds = {type(happening) for happening in schedule.happenings}
        self._steady_clock = ClockStepped not in kinds
        self._steady_disk = DiskFull not in kinds
        self._steady_sender = not any(map(_interrupts_sender, schedule.happenings))

    def close(self) -> None:
        """Close the connection to the outbox."""
        self._files.close()

    # What the sender's side tells.

    def sender_started(self) -> None:
        """Note that the sender's process began, or began anew."""
        self.seen.life += 1
        self._told = waits.Told()

    def sender_committed(self, *, has_messages: bool = True) -> None:
        """Note that a transaction of the outbox was committed, perhaps with new messages."""
        self.seen.record()
        if not has_messages:
            return
        for row in self._files.messages_after(self.seen.last_seq):
            self.seen.store(*row)

    def sent(self, at_us: int, trace_id: str, number: int) -> None:
        """Check a call that the sender is about to send.

        Args:
            at_us: the instant in virtual microseconds.
            trace_id: the message's.
            number: the attempt's number, as the sender counts.
        """
        message = self.seen.messages.get(trace_id)
        row = None if message is None else self._files.message(message.seq)
        self._found("marked before sent", once.marked_before_sent(row, number))
        if message is None:
            self._found("nothing is lost", f"message {trace_id} is sent, and was never committed")
            return
        self._found("executed once", once.not_sent_again(message, self.seen.life))
        self._found("refused for good", once.not_retried_after_refusal(message, self._setup))
        if self._steady_clock:
            early = once.retried_on_schedule(message, number, at_us, self._setup)
            self._found("retry schedule", early)
        last_us, told = self.seen.sends[-1] if self.seen.sends else -HOUR_US, self._told
        if self._steady_clock and self._steady_sender:
            late = once.retried_in_time(message, number, at_us, last_us, self._setup)
            self._found("retry schedule", late)
        of_profile = self.seen.of_profile.get(message.profile, ())
        earlier = self._files.unfinished(m.seq for m in of_profile if m.seq < message.seq)
        self._found("order", order.sent_in_order(message, earlier, self._setup))
        self._found("circuit", waits.probed_slowly(at_us, last_us, told.failures, self._setup))
        asked = waits.waited_as_asked(message, at_us, told.rests_until_us, self._setup)
        self._found("retry after", asked if self._steady_clock else None)
        self.seen.send(at_us, trace_id, number)
        told.send(at_us, number)
        self._found("offered rate", waits.offered_evenly(told.first_tries, self._setup))
        if self._steady_clock:
            self._found("minute", limits.paced(self.seen.taking, self._setup))
            self._found("day", limits.within_day(self.seen.sends, self._setup))

    def ended(
        self,
        trace_id: str,
        number: int,
        ended: Ending,
        status: int | None = None,
        not_before_us: int = 0,
    ) -> None:
        """Note how a call ended, when the sender is told.

        Args:
            trace_id: the message's.
            number: the attempt's number, as the sender counts.
            ended: how it ended.
            status: the status of its answer.
            not_before_us: before when the answer asks not to be sent again (``Retry-After``).
        """
        self.seen.end(trace_id, number, ended, status, not_before_us)
        self._told.end(status, not_before_us)

    def sender_crashed(self) -> None:
        """Note that the sender's process ended without closing anything."""
        self.seen.forget_unrecorded()

    def reported(self, report: Mapping[str, int]) -> None:
        """Check the counts of messages in the report of an export that ended by itself."""
        self._found("report", *totals.report_agrees(report, self._files.last_run()))

    # What the mock's side tells.

    def taken(
        self, number: int, trace_id: str | None, *, accepted: bool, is_trusted: bool = True
    ) -> None:
        """Note a call that the engine has staged.

        Args:
            number: its number in the journal (``Receipt.call_number``).
            trace_id: the message's; None: it is another client's.
            accepted: whether its status is 2xx.
            is_trusted: whether it showed the newest token, or its workflow asks for none.
        """
        call = TakenCall(number, trace_id, accepted, is_trusted)
        self.seen.take(call)
        self._found("credential", admitted.admitted_with_the_token(call))

    def mock_committed(self) -> None:
        """Note that the engine has committed what it staged."""
        self.seen.commit()

    def mock_commit_failed(self) -> None:
        """Note that a commit of the engine failed, for example because the disk is full."""
        self.seen.doubt_staged()

    def answered(self, number: int, status: int) -> None:
        """Check an answer that leaves the mock.

        Args:
            number: the call's number in the journal.
            status: the answer's status.
        """
        call = self.seen.calls.get(number)
        if call is None:
            if 200 <= status < 300:
                self._found("answered is kept", f"call {number} was answered {status}, not taken")
            return
        call.answered = status
        self._found("answered is kept", kept.answered_after_commit(call, status))

    def mock_crashed(self) -> None:
        """Note that the mock's process ended without closing anything."""
        self.seen.drop_staged()

    # When the world asks.

    def stepped(self, live_totals: Mapping[str, int] | None) -> Violation | None:
        """Check what is cheap; called after every step, with the engine's totals.

        Args:
            live_totals: the totals; None: they, and the calls taken, are as at the last step.
        """
        self.step += 1
        if self.violation is None and live_totals is not None:
            self._found("totals balance", totals.balance(live_totals))
            self._found("totals are complete", totals.all_received(live_totals, self.seen))
        return self.violation

    def look(self) -> Violation | None:
        """Check both files; called after each restart, and with the mock's commits done."""
        if self.violation is None:
            self._look_at_both(self._files.sender(), self._files.mock())
        return self.violation

    def finished(self) -> Violation | None:
        """Check that all has ended; called once faults have stopped and nothing is due."""
        if self.violation is None:
            sender, mock = self._files.sender(), self._files.mock()
            self._look_at_both(sender, mock)
            self._look_at_endings(sender, mock)
        return self.violation

    def _look_at_both(self, sender: SenderState, mock: MockState) -> None:
        seen, setup = self.seen, self._setup
        self._found("answered is kept", *kept.answered_calls_are_stored(seen, mock))
        self._found("committed is kept", *kept.committed_calls_are_stored(seen, mock))
        self._found("committed is kept", *kept.messages_are_stored(seen, sender))
        self._found("ended stays ended", *kept.ended_messages_stay(self._states, sender))
        self._found("ended stays ended", *kept.ended_runs_stay(self._runs, mock))
        self._found("executed once", *once.accepted_once(seen, mock))
        self._found("executed once", *once.one_run_a_call(mock, self._doublings))
        self._found("order", *order.taken_in_order(seen, mock, setup))
        self._found("window", *limits.window_kept(mock, setup, exactly=self._steady_disk))
        self._found("daily cap", *limits.days_kept(mock, setup))
        self._found("duplicates", *admitted.duplicates_marked(mock))
        outcomes = admitted.ended_as_settings_say(seen, mock, setup)
        self._found("runs", *admitted.ended_when_due(mock), *outcomes)
        if mock.totals:
            self._found("totals balance", totals.balance(mock.totals), *totals.rows_agree(mock))
            self._found("totals never shrink", *totals.never_less(self._totals, mock.totals))
        self._found("minutes", *minutes.minutes_agree(mock))
        self._states = {message.trace_id: message.state for message in sender.messages}
        self._runs = {run.number: run.state for run in mock.runs}
        self._totals = mock.totals

    def _look_at_endings(self, sender: SenderState, mock: MockState) -> None:
        seen = self.seen
        self._found("all has ended", *endings.messages_ended(sender), *endings.runs_ended(mock))
        states = endings.states_follow_answers(seen, sender, self._setup)
        self._found("states follow answers", *states)
        self._found("both sides agree", *endings.both_agree(seen, sender, mock))
        changes = order.every_change_is_a_message(seen, self._schedule)
        self._found("every change is a message", *changes)

    def _found(self, invariant: str, *details: str | None) -> None:
        for detail in details:
            if detail is not None and self.violation is None:
                self.violation = Violation(invariant, detail, self.step)


def _interrupts_sender(happening: Happening) -> bool:
    if isinstance(happening, Crash | DiskFull):
        return happening.side == "sender"
    return isinstance(happening, SenderStopped | TokenReplaced)
