"""When messages were sent again, and which were given up."""

from collections.abc import Iterator
from typing import Final

from contracts.verification.evidence import Evidence, none_known_again
from contracts.verification.traffic import SUCCESS, Call, Message

EARLY_SECONDS: Final = 0.25
"""How much sooner a retry may come in: of two calls the first may have been on its way longer."""
LATE_SECONDS: Final = 5.0
LATE_SHARE: Final = 0.1
"""How much later than due a retry may be: the larger of 5 seconds and a tenth of the delay."""

MOST_AT_ONCE: Final = 6
"""How often a message may be sent within a second. Of a million messages with exponential backoff
from half a second, and full jitter, fewer than three are sent more often.
"""


def pace(evidence: Evidence) -> Iterator[str]:
    """Yield each message that was sent again and again without a pause."""
    for message in evidence.messages:
        for first, last in zip(message.tries, message.tries[MOST_AT_ONCE:], strict=False):
            if last.at - first.at < 1.0:
                yield (
                    f"{last.place}: {message.name} was sent {MOST_AT_ONCE + 1} times within a "
                    f"second, expected at most {MOST_AT_ONCE}"
                )
                break


def retry_after(evidence: Evidence) -> Iterator[str]:
    """Yield each message that was sent again sooner than its answer asked for (Q-LIM-2).

    Not after an answer that forbids it at all: then no pause would have been right.
    """
    for message in evidence.messages:
        for call, later in zip(message.tries, message.tries[1:], strict=False):
            asked, waited = call.retry_after_seconds, later.at - call.failed_at
            if evidence.rule.forbids(call.status):
                break
            if asked is not None and waited < asked - EARLY_SECONDS:
                yield (
                    f"{later.place}: {message.name} was sent again after {waited:.1f} s, though "
                    f"Retry-After at {call.place} asked for {asked:g} s"
                )


def no_retry_after(evidence: Evidence) -> str:
    """Return why it is not judged whether ``Retry-After`` was waited for; empty when it is."""
    if not evidence.rule.honours_retry_after:
        return "Adobe's policies retry by their schedule, whatever Retry-After asks"
    return no_instants(evidence)


def no_instants(evidence: Evidence) -> str:
    """Return why no pause can be seen; empty when one can.

    A virtual clock may stand while the connector really waits, and some recordings have no parts
    of a second.
    """
    if why := none_known_again(evidence):
        return why
    is_repeated = any(len(message.tries) > 1 for message in evidence.messages)
    if not is_repeated or len({call.at for call in evidence.traffic.triggers}) > 1:
        return ""
    return "all calls have the same instant, as on a virtual clock that nobody advances"


def schedule(evidence: Evidence) -> Iterator[str]:
    """Yield each retry that is not due when it comes, by the policy (A-RTRY-1, A-RTRY-2).

    Only up to an answer that forbids any retry: for what follows, no time would be right.
    """
    times = evidence.rule.schedule or ()
    for message in evidence.messages:
        tries = _until_final(evidence, message)
        yield from _at_wrong_times(message, tries, times)
        if (extra := len(tries) - 1 - len(times)) > 0:
            yield (
                f"{tries[-1].place}: {message.name} was sent again {len(tries) - 1} times, "
                f"expected at most {len(times)}: {extra} too many"
            )


def no_schedule(evidence: Evidence) -> str:
    """Return why retries are not compared with a schedule; empty when they are."""
    if evidence.rule.schedule is not None:
        return no_instants(evidence)
    return "no policy with a schedule was given: --policy adobe-best-effort or adobe-configurable"


def given_up(evidence: Evidence) -> Iterator[str]:
    """Yield each message that was never taken, and was given up too soon.

    Not one of which only a part is recorded: nobody knows whether it was sent again.
    """
    retries = len(evidence.rule.schedule or ())
    for message in evidence.messages:
        last = message.tries[-1]
        if message.accepted or not message.is_known or not _may_follow(evidence, last):
            continue
        if not evidence.rule.may_drop:
            yield f"{last.place}: {message.name} was given up after {last.answer}"
        elif len(message.tries) <= retries:
            yield (
                f"{last.place}: {message.name} was given up after "
                f"{len(message.tries) - 1} of the policy's {retries} retries ({last.answer})"
            )


def no_policy(evidence: Evidence) -> str:
    """Return why it is not judged when messages were given up; empty when it is."""
    if not evidence.rule.name:
        return "when a message may be given up depends on --policy"
    return none_known_again(evidence)


def _may_follow(evidence: Evidence, call: Call) -> bool:
    is_success = call.status is not None and call.status in SUCCESS
    return not is_success and evidence.rule.retries(call.status)


def _until_final(evidence: Evidence, message: Message) -> list[Call]:
    """Return the calls up to the first that was seen to be taken, or must not be retried."""
    final = (
        number
        for number, call in enumerate(message.tries, 1)
        if call.status in SUCCESS or evidence.rule.forbids(call.status)
    )
    return list(message.tries[: next(final, len(message.tries))])


def _at_wrong_times(message: Message, tries: list[Call], times: tuple[float, ...]) -> Iterator[str]:
    first = tries[0]
    for call, due in zip(tries[1:], times, strict=False):
        waited = call.at - first.failed_at
        latest = due + max(LATE_SECONDS, LATE_SHARE * due)
        is_late = waited > latest and first.status is not None
        if waited < due - EARLY_SECONDS or is_late:
            yield (
                f"{call.place}: {message.name} was sent again {waited:.1f} s after it failed at "
                f"{first.place}, expected {due:g} s"
            )
