"""A profile's messages keep their order, and each change of it becomes one message."""

from collections.abc import Collection, Iterator

from simulation.invariants.seen import Message, Seen
from simulation.invariants.stored import MockState
from simulation.schedule import Schedule, Setup
from simulation.schedule.contents import contents_by_profile


def sent_in_order(message: Message, unfinished: Collection[int], setup: Setup) -> str | None:
    """Return what is wrong when a message is sent before an earlier one of its profile has ended.

    Args:
        message: the message.
        unfinished: the numbers of the profile's earlier messages that have not ended.
        setup: Adobe's policies keep no order.
    """
    if setup.policy == "lossless" and unfinished:
        return (
            f"message {message.seq} of {message.profile} is sent before message "
            f"{min(unfinished)} of the same profile has ended"
        )
    return None


def taken_in_order(seen: Seen, mock: MockState, setup: Setup) -> Iterator[str]:
    """Yield each call that the mock accepted after a later message of the same profile."""
    newest: dict[str, int] = {}
    for call in mock.calls if setup.policy == "lossless" else ():
        message = seen.messages.get(call.trace_id or "") if call.accepted else None
        if message is None or not message.profile:
            continue
        if message.seq < newest.get(message.profile, 0):
            later = newest[message.profile]
            yield f"message {message.seq} of {message.profile} was accepted after message {later}"
        newest[message.profile] = max(message.seq, newest.get(message.profile, 0))


def every_change_is_a_message(seen: Seen, schedule: Schedule) -> Iterator[str]:
    """Yield each profile whose messages are not those that its rows ask for."""
    by_profile = seen.by_profile()
    for profile, expected in contents_by_profile(schedule.setup.exports).items():
        messages = by_profile.get(f"p{profile}@example.com", ())
        found = [each.content for each in messages]
        for number, (message, wanted) in enumerate(zip(messages, expected, strict=False)):
            if not message.profile:  # its body was gone before anybody saw it
                found[number] = wanted
        if found != expected:
            yield (
                f"profile {profile} has {len(found)} messages, expected {len(expected)}: "
                f"{_difference(found, expected)}"
            )


def _difference(found: list[tuple[str, str]], expected: list[tuple[str, str]]) -> str:
    for number, (one, other) in enumerate(zip(found, expected, strict=False), 1):
        if one != other:
            return f"message {number} carries {_short(one)}, expected {_short(other)}"
    rest = found[len(expected) :] or expected[len(found) :]
    return f"{'unexpected' if len(found) > len(expected) else 'missing'}: {_short(rest[0])}"


def _short(content: tuple[str, str]) -> str:
    text, status = content
    return f"{text[:20]!r} {status}"
