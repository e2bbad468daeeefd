"""The queue of messages over any store that keeps to the protocol: here, a list in memory."""

import random

from sender.delivery.outcome_recorder import OutcomeRecorder
from sender.delivery.send_queue import SendQueue
from sender.delivery.stores.message_store import MessageStore
from sender.outbox.records import StoredMessage
from sender.policies import LOSSLESS
from sender.transport.base import Completed
from sender.transport.outcomes import Answered

NOW = 1_000_000.0


class InMemory:
    """Messages in a list, without a database; a message waits for the one that it names."""

    def __init__(self, *messages: StoredMessage) -> None:
        self.pending = {message.seq: message for message in messages}
        self.due_at: dict[int, float] = {}
        self.in_flight: dict[int, StoredMessage] = {}
        self.activated: list[int] = []

    def last_seq(self):
        return max(self.pending, default=0)

    def put_in_order(self, *, keeps_order):
        waited_for = {m.after_seq for m in self.pending.values() if m.after_seq in self.pending}
        return waited_for if keeps_order else set()

    def next_due_at(self):
        return min(self.due_at.values(), default=None)

    def unsent(self, after_seq, last_seq, limit):
        fresh = [m for s, m in sorted(self.pending.items()) if after_seq < s <= last_seq]
        free = [m for m in fresh if m.after_seq not in self.pending and m.seq not in self.due_at]
        return free[:limit]

    def due(self, now, limit):
        due = sorted((at, seq) for seq, at in self.due_at.items() if at <= now)[:limit]
        return [self.pending[seq] for _, seq in due]

    def release(self, seq):
        return [(m, None) for m in self.pending.values() if m.after_seq == seq]

    def lease(self, messages):
        for message in messages:
            del self.pending[message.seq]
            self.due_at.pop(message.seq, None)
            self.in_flight[message.seq] = message

    def interrupted(self):
        return list(self.in_flight.values())

    def activate(self, seqs):
        for seq in seqs:
            del self.in_flight[seq]
            self.activated.append(seq)

    def retry(self, message, due_at, failure):
        self.pending[message.seq] = self.in_flight.pop(message.seq)
        self.due_at[message.seq] = due_at
        return True


def message(seq: int, after_seq: int | None = None) -> StoredMessage:
    return StoredMessage(seq, f"trace-{seq}", b"{}", after_seq=after_seq)


def drained(store: MessageStore, queue: SendQueue, now: float = NOW) -> list[int]:
    queue.fetch(now)
    taken = [queue.take() for _ in range(len(queue))]
    store.lease(taken)
    return [each.seq for each in taken]


def recorder(store: MessageStore, queue: SendQueue) -> OutcomeRecorder:
    return OutcomeRecorder(store, queue, LOSSLESS, random.Random(1), is_heard=False)


def sent(store: InMemory, seq: int, status: int) -> Completed:
    return Completed(store.in_flight[seq], Answered(status), 0.01)


def test_a_message_waits_until_its_profiles_earlier_one_has_ended():
    store = InMemory(message(1), message(2), message(3, after_seq=1))
    queue = SendQueue(store)
    assert drained(store, queue) == [1, 2]
    assert not queue.is_empty
    recorder(store, queue).record([sent(store, 1, 202)], NOW)
    assert (store.activated, drained(store, queue)) == ([1], [3])


def test_a_retry_comes_back_when_it_is_due_and_not_before():
    store = InMemory(message(1))
    queue = SendQueue(store)
    drained(store, queue)
    recorder(store, queue).record([sent(store, 1, 503)], NOW)
    due_at = store.due_at[1]
    assert queue.next_due_at == due_at > NOW
    assert drained(store, queue, due_at - 0.001) == []
    assert drained(store, queue, due_at) == [1]
