"""Compares what was taken with the messages that were to arrive, numbers exactly."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.exact_values import first_difference, same_text
from contracts.masking import mask_identity
from contracts.verification.checks.repeats import unexcused
from contracts.verification.evidence import Evidence
from contracts.verification.expected_messages import ExpectedMessage
from contracts.verification.traffic import Call, identities_of


def reconciled(evidence: Evidence) -> Iterator[str]:
    """Yield each message that is missing, changed or unexpected.

    Those with the same body belong together; of the others, those that share an identity.
    """
    arrived, unknown = _arrivals(evidence)
    taken = Counter(map(_same, arrived))
    missing = _left_over(evidence.expected or (), Counter(taken))
    unexpected = _unexpected(arrived, evidence.wanted)
    for listed in missing:
        named, call = _named(listed.value), unexpected.take(listed.value)
        if call is None:
            yield f"{listed.place}: {named} is missing: it was never taken"
        else:
            difference = first_difference(listed.value, call.value)
            yield f"{call.place}: {named}, {listed.place}, was changed: {difference}"
    for call in unexpected.left():
        same = _same(call)
        how = _how_listed(taken[same], evidence.wanted[same])
        yield f"{call.place}: {_named(call.value)} was taken{how}"
    for call in unknown[:1]:
        what = "no whole body is recorded" if call.body is None else "the body is no JSON"
        yield f"{call.place}: {what}, so that it cannot be compared"


def _how_listed(taken: int, listed: int) -> str:
    if not listed:
        return ", and is not among the messages"
    times = "once" if listed == 1 else f"{listed:,} times"
    return f" {taken:,} times, and is listed {times}"


def no_messages(evidence: Evidence) -> str:
    """Return why nothing is compared; empty when it is."""
    return "" if evidence.expected is not None else "no file of messages was given: --messages"


def _arrivals(evidence: Evidence) -> tuple[list[Call], list[Call]]:
    """Return the calls that brought a message, without lawful repeats; and those of no body."""
    known: list[Call] = []
    unknown: list[Call] = []
    for message in evidence.messages:
        for call in (*message.accepted[:1], *unexcused(message)):
            (unknown if call.same_body is None else known).append(call)
    return known, unknown


def _same(call: Call) -> str:
    return call.same_body or ""


def _left_over(
    expected: tuple[ExpectedMessage, ...], arrived: Counter[str]
) -> list[ExpectedMessage]:
    left = []
    for message in expected:
        text = same_text(message.value)
        if arrived[text] > 0:
            arrived[text] -= 1
        else:
            left.append(message)
    return left


class _Unexpected:
    """Calls that brought what is not among the messages; each can be found by its identities."""

    def __init__(self, calls: list[Call]) -> None:
        self._calls = dict(enumerate(calls))
        self._by_identity: defaultdict[str, list[int]] = defaultdict(list)
        for number, call in self._calls.items():
            for identity in identities_of(call.value):
                self._by_identity[identity].append(number)

    def take(self, message: Mapping[str, Any]) -> Call | None:
        """Return a call that brought this message in another form, and forget it."""
        for identity in identities_of(message):
            for number in self._by_identity.get(identity, ()):
                if (call := self._calls.pop(number, None)) is not None:
                    return call
        return None

    def left(self) -> list[Call]:
        """Return those that were not taken."""
        return list(self._calls.values())


def _unexpected(arrived: list[Call], wanted: Counter[str]) -> _Unexpected:
    free = Counter(wanted)
    left = []
    for call in arrived:
        if free[_same(call)] > 0:
            free[_same(call)] -= 1
        else:
            left.append(call)
    return _Unexpected(left)


def _named(message: object) -> str:
    identities = identities_of(message)
    return f"the message of {mask_identity(identities[0])}" if identities else "a message"
