"""The way of calls between both sides, without sockets: delays, losses, time limits, redirects.

The transport is the sender's; what an answer means is read by the sender's real code.
"""

import random
from collections.abc import Callable
from functools import partial
from typing import Protocol

from mock_qualtrics.gate import envelope
from sender.outbox.records import StoredMessage
from sender.transport.answers import REDIRECTS_FOLLOWED, same_origin_redirect
from sender.transport.base import JSON_TYPE, TRACE_HEADER, Completed, Endpoint
from sender.transport.outcomes import Answered, Lost, NotConnected, Outcome
from simulation.world.calls import Reply, SentCall
from simulation.world.timeline import Timeline, whole_us

SHARES = 4  # of the latency, one of which a call takes on its way out


class Told(Protocol):
    """What is told of each call."""

    def sent(self, call: SentCall) -> None:
        """Note a call that is about to be sent."""
        ...

    def ended(self, call: SentCall, outcome: Outcome) -> None:
        """Note how a call ended, before the sender is told."""
        ...


class Network:
    """What connects both sides.

    Args:
        timeline: the clock.
        rng: chooses delays; None: calls arrive at once, and answers take the latency.
        latency_us: how long a call and its answer take together.
        deliver: hands a call to the mock, with what takes its reply.

    Attributes:
        slow_us: how much longer each answer takes at present.
        answers_to_lose: how many of the next answers get lost.
        lost: how many got lost.
        slowed: how many took longer.
    """

    def __init__(
        self,
        timeline: Timeline,
        rng: random.Random | None,
        latency_us: int,
        deliver: Callable[[SentCall, Callable[[Reply], None]], None],
    ) -> None:
        self._timeline = timeline
        self._rng = rng
        self._latency_us = latency_us
        self._deliver = deliver
        self.slow_us = 0
        self.answers_to_lose = 0
        self.lost = 0
        self.slowed = 0

    def send(self, call: SentCall, sender: "InProcessTransport") -> None:
        """Bring a call to the mock, and what comes back to the sender."""
        reply = partial(self._respond, partial(sender.take, call))
        self._timeline.after(self._part_us(), partial(self._deliver, call, reply))

    def _respond(self, take: Callable[[Reply], None], reply: Reply) -> None:
        delay_us = self._latency_us - self._part_us() + self.slow_us
        self.slowed += self.slow_us > 0
        if self.answers_to_lose and reply.answer is not None:
            self.answers_to_lose -= 1
            self.lost += 1
            reply = Reply(broken="Connection reset by peer")
        self._timeline.after(delay_us, partial(take, reply))

    def _part_us(self) -> int:
        if self._rng is None:
            return 0
        return self._latency_us * (self._rng.getrandbits(8) % (SHARES + 1)) // SHARES


class InProcessTransport:
    """The sender's transport of one life of its process.

    Args:
        network: brings calls to the mock.
        timeline: the clock.
        endpoint: reads answers, and has the time limit.
        slots: how many calls may be under way.
        watcher: is told of each call.
        has_to_stop: whether the sender was asked to stop, for which a wait ends.
    """

    def __init__(
        self,
        network: Network,
        timeline: Timeline,
        endpoint: Endpoint,
        slots: int,
        watcher: Told,
        has_to_stop: Callable[[], bool],
    ) -> None:
        self.slots = slots
        self._network = network
        self._timeline = timeline
        self._endpoint = endpoint
        self._watcher = watcher
        self._has_to_stop = has_to_stop
        self._headers = (
            ("authorization", endpoint.authorization()),
            ("content-type", JSON_TYPE),
        )
        self._under_way: dict[SentCall, None] = {}
        self._ended: list[Completed] = []
        self._knows_of_stop = False

    def submit(self, message: StoredMessage) -> None:
        """Send a message."""
        call = self._call(message, self._endpoint.url)
        self._watcher.sent(call)
        self._post(call)

    def completed(self, timeout_seconds: float) -> list[Completed]:
        """Let the world go on until an attempt ends, or for that long."""
        until_us = self._timeline.now_us + whole_us(max(0.0, timeout_seconds))
        self._timeline.run_until(until_us, self._is_awake)
        self._knows_of_stop = self._has_to_stop()
        ended, self._ended = self._ended, []
        return ended

    def close(self) -> None:
        """Wait for no answer any more."""
        for call in self._under_way:
            call.is_wanted = False
        self._under_way.clear()

    def take(self, call: SentCall, reply: Reply) -> None:
        """Take what comes back for a call."""
        if not call.is_wanted:
            return
        answer = reply.answer
        if answer is None:
            self._end(call, _without_answer(reply))
            return
        left_us = call.sent_us + self._limit_us() - self._timeline.now_us
        if reply.body_us > left_us:  # the head has come, and the body does not in time
            reply.is_whole, reply.body_us = False, left_us
        self._timeline.after(reply.body_us, partial(self._read, call, reply))

    def _call(self, message: StoredMessage, url: str) -> SentCall:
        headers = (*self._headers, (TRACE_HEADER.lower(), message.trace_id))
        return SentCall(message, url, self._timeline.now_us, headers)

    def _post(self, call: SentCall) -> None:
        self._under_way[call] = None
        self._network.send(call, self)
        self._timeline.after(self._limit_us(), partial(self._time_out, call))

    def _limit_us(self) -> int:
        return whole_us(self._endpoint.read_timeout_seconds)

    def _is_awake(self) -> bool:
        return bool(self._ended) or (self._has_to_stop() and not self._knows_of_stop)

    def _time_out(self, call: SentCall) -> None:
        if call.is_wanted:
            self._end(call, Lost("no answer in time"))

    def _read(self, call: SentCall, reply: Reply) -> None:
        if not call.is_wanted or reply.answer is None:
            return
        lines, body = envelope.as_sent(reply.answer)
        headers = {name.title(): value for name, value in lines}
        outcome = self._endpoint.read(
            call.message.body or b"", reply.answer.status, headers, body if reply.is_whole else b""
        )
        target = same_origin_redirect(call.url, reply.answer.status, headers.get("Location"))
        if target is None or call.hops + 1 >= REDIRECTS_FOLLOWED:
            self._end(call, outcome)
        else:
            self._follow(call, outcome, target)

    def _follow(self, call: SentCall, outcome: Answered, target: str) -> None:
        self._leave(call, outcome)
        after = self._call(call.message, target)
        after.hops = call.hops + 1
        self._post(after)

    def _end(self, call: SentCall, outcome: Outcome) -> None:
        self._leave(call, outcome)
        self._watcher.ended(call, outcome)
        seconds = (self._timeline.now_us - call.sent_us) / 1e6
        self._ended.append(Completed(call.message, outcome, seconds))

    def _leave(self, call: SentCall, outcome: Outcome) -> None:
        call.is_wanted, call.outcome, call.ended_us = False, outcome, self._timeline.now_us
        del self._under_way[call]


def _without_answer(reply: Reply) -> Outcome:
    if reply.connected:
        return Lost(f"the connection broke: {reply.broken}")
    return NotConnected(f"no connection: {reply.broken}")
