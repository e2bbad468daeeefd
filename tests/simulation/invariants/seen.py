"""What an onlooker has seen of both sides so far: messages, their attempts, and the mock's calls.

It stands between the two sides: neither of them can make it forget, and neither is asked.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from simulation.schedule import AUDIENCE

Ending = Literal["answered", "lost", "not-connected"]
GATEWAY_TIMEOUT, TOO_MANY_REQUESTS = 504, 429


@dataclass(slots=True)
class Attempt:
    """One call of the sender.

    Attributes:
        number: which attempt of its message it was, as the sender counts.
        at_us: when it was sent.
        life: in which of the sender's processes, counted from 1.
        ended: how it ended, as the sender's transport told; None: it has not.
        status: the status of its answer.
        recorded: whether the sender has committed how it ended.
        not_before_us: before when its message is not to be sent again, as the answer asked.
    """

    number: int
    at_us: int
    life: int = 1
    ended: Ending | None = None
    status: int | None = None
    recorded: bool = False
    not_before_us: int = 0

    @property
    def is_uncertain(self) -> bool:
        """Whether the sender cannot know that it was executed, or that it was not."""
        if not self.recorded or self.ended == "lost":
            return True
        return self.ended == "answered" and self.status == GATEWAY_TIMEOUT

    @property
    def succeeded(self) -> bool:
        """Whether the sender has committed that it was answered 2xx."""
        return self.recorded and self.status is not None and 200 <= self.status < 300


@dataclass(slots=True)
class Message:
    """A message that the sender has stored.

    Attributes:
        seq: its number in the outbox.
        trace_id: its trace id.
        profile: whom it is about; "": its body was gone when it was first seen, for its profile
            had opted out in the same transaction.
        content: the text and the audience's status that it carries.
        after_seq: the number of its profile's message before it.
        attempts: the calls made for it.
    """

    seq: int
    trace_id: str
    profile: str
    content: tuple[str, str]
    after_seq: int | None = None
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def uncertain_attempts(self) -> int:
        """How many of its calls may have been executed without the sender's knowing."""
        return sum(attempt.is_uncertain for attempt in self.attempts)

    def attempt(self, number: int) -> Attempt | None:
        """Return its newest call that the sender counted by this number."""
        found = (each for each in reversed(self.attempts) if each.number == number)
        return next(found, None)


@dataclass(slots=True)
class TakenCall:
    """A call that the mock took.

    Attributes:
        number: its number in the journal.
        trace_id: the message's; None: it is another client's.
        accepted: whether it was admitted.
        is_trusted: whether it showed the newest token, or its workflow asks for none.
        committed: whether the mock has committed it.
        answered: the status that left the mock.
    """

    number: int
    trace_id: str | None
    accepted: bool
    is_trusted: bool = True
    committed: bool = False
    answered: int | None = None


class Seen:
    """All that was seen.

    Attributes:
        messages: by trace id.
        of_profile: each profile's messages in order.
        sends: when the calls of the sender were sent.
        taking: the same, without those that were refused with 429: they take nothing from the
            minute (Q-LIM-5).
        calls: what the mock took and has not lost in a crash, by number.
        staged: what it took and has not committed.
        in_doubt: by trace id, how many calls it took whose commit failed. They were answered 503,
            which for a write means: look before sending it again (Q-FAULT-2). The mock keeps them,
            and commits them once it can, unless it crashes before.
        life: how many processes of the sender there have been.
        last_seq: the number of the newest message.
    """

    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}
        self.of_profile: defaultdict[str, list[Message]] = defaultdict(list)
        self.sends: list[int] = []
        self.taking: list[int] = []
        self.calls: dict[int, TakenCall] = {}
        self.staged: list[TakenCall] = []
        self.in_doubt: Counter[str | None] = Counter()
        self.life = 0
        self.last_seq = 0
        self._unrecorded: list[Attempt] = []

    def store(
        self, seq: int, trace_id: str, body: bytes | None, after_seq: int | None = None
    ) -> None:
        """Note a message that the sender has committed."""
        profile, content = _read(body)
        message = Message(seq, trace_id, profile, content, after_seq)
        self.messages[trace_id] = message
        self.of_profile[profile].append(message)
        self.last_seq = max(self.last_seq, seq)

    def send(self, at_us: int, trace_id: str, number: int) -> None:
        """Note a call of the sender."""
        self.messages[trace_id].attempts.append(Attempt(number, at_us, self.life))
        self.sends.append(at_us)
        self.taking.append(at_us)

    def end(
        self,
        trace_id: str,
        number: int,
        ended: Ending,
        status: int | None,
        not_before_us: int = 0,
    ) -> None:
        """Note how a call ended, as the sender was told."""
        attempt = self.messages[trace_id].attempt(number)
        if attempt is not None:
            attempt.ended, attempt.status = ended, status
            attempt.not_before_us = not_before_us
            if status == TOO_MANY_REQUESTS:
                self.taking.remove(attempt.at_us)
            self._unrecorded.append(attempt)

    def record(self) -> None:
        """Note that the sender has committed what it was told."""
        for attempt in self._unrecorded:
            attempt.recorded = True
        self._unrecorded.clear()

    def forget_unrecorded(self) -> None:
        """Note that the sender has crashed: what it was told, and did not commit, is gone."""
        self._unrecorded.clear()

    def take(self, call: TakenCall) -> None:
        """Note a call that the mock took."""
        self.calls[call.number] = call
        self.staged.append(call)

    def commit(self) -> None:
        """Note that the mock has committed what it took."""
        for call in self.staged:
            call.committed = True
        self.staged.clear()

    def drop_staged(self) -> None:
        """Note that the mock has crashed: what it took and did not commit is gone."""
        for call in self.staged:
            self.calls.pop(call.number, None)
        self.staged.clear()

    def doubt_staged(self) -> None:
        """Note that a commit of the mock failed."""
        self.in_doubt.update(call.trace_id for call in self.staged)
        self.drop_staged()

    def by_profile(self) -> dict[str, list[Message]]:
        """Return each profile's messages in order, those without a body too, as far as known.

        Such a message belongs to the profile of the one before it, or of the one behind it.
        """
        profiles = {message.seq: message.profile for message in self.messages.values()}
        pairs = [(m.seq, m.after_seq) for m in self.messages.values() if m.after_seq is not None]
        for seq, after_seq in sorted(pairs):
            profiles[seq] = profiles[seq] or profiles.get(after_seq, "")
        for seq, after_seq in sorted(pairs, reverse=True):
            profiles[after_seq] = profiles.get(after_seq) or profiles[seq]
        found: defaultdict[str, list[Message]] = defaultdict(list)
        for message in sorted(self.messages.values(), key=lambda each: each.seq):
            found[profiles[message.seq]].append(message)
        return found

    def taken(self) -> tuple[int, int]:
        """Return how many calls the mock has taken for certain, and how many are in doubt."""
        return len(self.calls), self.in_doubt.total()

    def committed(self) -> Iterator[TakenCall]:
        """Return the calls that the mock has committed."""
        return (call for call in self.calls.values() if call.committed)


def _read(body: bytes | None) -> tuple[str, tuple[str, str]]:
    """Return whom a message is about, and its text and its audience's status."""
    if body is None:
        return "", ("", "")
    document = json.loads(body)
    profile = document["identityMap"]["Email"][0]["id"]
    status = document.get("segmentMembership", {}).get("ups", {}).get(AUDIENCE, {}).get("status")
    return profile, (document.get("text", ""), status or "")
