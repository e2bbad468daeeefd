"""When a message may be sent again: the policies as data, and Qualtrics' own rules.

`sender` has the same policies to act by; a test compares the two.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

NEVER_RETRIED: Final = frozenset({400, 401, 404, 405, 413, 415})
"""What no sender may try again, whatever its policy (A-RTRY-1)."""
_FIRST_REFUSAL: Final = 300


@dataclass(frozen=True, slots=True)
class RetryRule:
    """What a policy says about a message that was not taken.

    Attributes:
        name: its name on the command line; empty for what holds with every policy.
        statuses: those after which a message is sent again; None: all but `NEVER_RETRIED`.
        above: every greater status is retried too.
        schedule: when each retry is due, in seconds since the first failure; None: no fixed times,
            and none is too many.
        may_drop: whether a message may be given up when its retries are used up.
        honours_retry_after: whether an answer's ``Retry-After`` must be waited for.
    """

    name: str = ""
    statuses: frozenset[int] | None = None
    above: int | None = None
    schedule: tuple[float, ...] | None = None
    may_drop: bool = True
    honours_retry_after: bool = True

    def forbids(self, status: int | None) -> bool:
        """Return whether a message that was refused so must not be sent again."""
        is_refusal = status is not None and not 200 <= status < _FIRST_REFUSAL  # noqa: PLR2004
        return is_refusal and not self.retries(status)

    def retries(self, status: int | None) -> bool:
        """Return whether a message that got this answer may be sent again."""
        if status is None:  # a timeout or a reset is treated like 504 (A-RTRY-1)
            return True
        if self.statuses is None:
            return status >= _FIRST_REFUSAL and status not in NEVER_RETRIED
        return status in self.statuses or (self.above is not None and status > self.above)


ANY_POLICY: Final = RetryRule()
LOSSLESS: Final = RetryRule(
    "lossless", frozenset({403, 408, 409, 420, 425, 429}), above=499, may_drop=False
)
ADOBE_BEST_EFFORT: Final = RetryRule(
    "adobe-best-effort",
    frozenset({403, 408, 409, 429, 500, 502, 503, 504}),
    schedule=(15.0, 30.0),
    honours_retry_after=False,
)
ADOBE_CONFIGURABLE: Final = RetryRule(
    "adobe-configurable",
    frozenset({420, 429}),
    above=500,
    schedule=(1800.0,),
    honours_retry_after=False,
)
RETRY_RULES: Final = {rule.name: rule for rule in (LOSSLESS, ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE)}


def retry_rule(policy: str | None, schedule: Iterable[float] | None = None) -> RetryRule:
    """Return the rule of a policy, or what holds with every policy.

    Args:
        policy: its name; None for what holds with every policy.
        schedule: another one in place of the policy's, in seconds since the first failure.

    Raises:
        ValueError: there is no such policy, or it takes no such schedule; the message says so.
    """
    if policy is not None and not (isinstance(policy, str) and policy in RETRY_RULES):
        named = repr(policy) if isinstance(policy, str) else f"of type {type(policy).__name__}"
        raise ValueError(f"policy {named} is unknown; expected one of {', '.join(RETRY_RULES)}")
    rule = ANY_POLICY if policy is None else RETRY_RULES[policy]
    if schedule is None:
        return rule
    if rule.schedule is None:
        raise ValueError("a schedule goes with one of Adobe's policies, which retry at fixed times")
    times = tuple(schedule)
    if not _ascend(times):
        raise ValueError(
            "the schedule: expected seconds counted from the first failure, each greater than the "
            "one before"
        )
    return replace(rule, schedule=times)


def _ascend(times: tuple[float, ...]) -> bool:
    return bool(times) and all(
        earlier < later < float("inf") for earlier, later in zip((0.0, *times), times, strict=False)
    )
