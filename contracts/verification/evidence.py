"""What the checks look at, and what a check is. Pure."""

import functools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contracts.exact_values import same_text
from contracts.verification.expected_messages import ExpectedMessage
from contracts.verification.retry_rules import ANY_POLICY, RetryRule
from contracts.verification.traffic import Message, Traffic, messages_of


@dataclass(frozen=True)
class Evidence:
    """All that is judged.

    Attributes:
        traffic: what was recorded.
        rule: when a message may be sent again.
        expected: the messages that were to arrive; None when nobody says.
    """

    traffic: Traffic
    rule: RetryRule = ANY_POLICY
    expected: tuple[ExpectedMessage, ...] | None = None

    @functools.cached_property
    def messages(self) -> list[Message]:
        """The messages, each with its calls."""
        return messages_of(self.traffic)

    @functools.cached_property
    def wanted(self) -> Counter[str]:
        """How often each body was to arrive."""
        return Counter(same_text(listed.value) for listed in self.expected or ())


def none_known_again(evidence: Evidence) -> str:
    """Return why repeats cannot be seen: no call has a trace id or a body; empty otherwise."""
    if not evidence.messages or any(message.is_known for message in evidence.messages):
        return ""
    return "no call has its body or an X-Trace-Id, so nobody knows which messages were sent again"


def _always(_: Evidence) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of recorded traffic.

    Attributes:
        name: its name, for ``--without`` and in reports.
        purpose: what it tries, in one sentence.
        facts: the facts that it rests on.
        reasons: yields a sentence for each thing that is wrong.
        unjudged: returns why nothing can be said; empty when something can.
        needs_calls: whether nothing can be said where no call of a trigger was recorded.
    """

    name: str
    purpose: str
    facts: tuple[str, ...]
    reasons: Callable[[Evidence], Iterator[str]]
    unjudged: Callable[[Evidence], str] = _always
    needs_calls: bool = True

    def why_not_judged(self, evidence: Evidence) -> str:
        """Return why nothing can be said of what was recorded; empty when something can."""
        if self.needs_calls and not evidence.traffic.triggers:
            return "no call of a trigger was recorded"
        return self.unjudged(evidence)
