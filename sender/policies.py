"""Retry policies as data: retries, rate limit, circuit breaker and timeouts.

There are three policies: the two that Adobe documents, which drop messages after a fixed number of
retries, and ``lossless``, which drops none. The decisions are in :mod:`sender.delivery.decisions`.
"""

import dataclasses
import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from sender.arguments import check_kind, check_seconds
from sender.errors import ConfigurationError

QUALTRICS_CALLS_PER_MINUTE = 3000
"""The destination's rate limit for one brand (Q-LIM-1)."""

QUALTRICS_CALLS_PER_DAY = 300_000
"""How many calls a day start a workflow; what comes later is blocked behind a 2xx (Q-LIM-4)."""

HOUR_SECONDS = 3600.0
DAY_SECONDS = 24 * HOUR_SECONDS


@dataclass(frozen=True, slots=True)
class ScheduledRetries:
    """A fixed number of retries, each at a fixed time after the message's first failure.

    Attributes:
        after_first_failure_seconds: when each retry is due, counted from the first failed attempt:
            positive, finite, ascending.

    Raises:
        ConfigurationError: they are not.

    Example:
        >>> ScheduledRetries((15.0, 30.0)).longest_wait_seconds
        30.0
    """

    after_first_failure_seconds: tuple[float, ...]

    def __post_init__(self) -> None:
        before = 0.0
        for seconds in self.after_first_failure_seconds:
            if isinstance(seconds, bool) or not isinstance(seconds, int | float):
                raise ConfigurationError(
                    f"retry after: found {seconds!r}, expected seconds counted from the first "
                    "failure"
                )
            if not (math.isfinite(seconds) and seconds > before):
                raise ConfigurationError(
                    f"retry after: found {seconds:g} after {before:g}, expected seconds counted "
                    "from the first failure: positive, finite, each greater than the one before"
                )
            before = seconds

    @property
    def longest_wait_seconds(self) -> float:
        """The longest time from a message's first failure to an attempt."""
        return max(self.after_first_failure_seconds, default=0.0)


@dataclass(frozen=True, slots=True)
class BackoffRetries:
    """Retries with exponential backoff and full jitter, until the message is too old.

    Attributes:
        first_seconds: upper bound of the first delay; it doubles with each attempt.
        longest_seconds: upper bound of any delay.
        gives_up_after_seconds: how long after its first failed attempt a message is given up.
        gives_up_throttled_after_seconds: the same when the destination answers 429: it is up, and
            the message only waits for its turn.
        longest_retry_after_seconds: upper bound of a delay that the destination asks for: a date
            from a wrong clock must not halt the export.
    """

    first_seconds: float = 0.5
    longest_seconds: float = 60.0
    gives_up_after_seconds: float = DAY_SECONDS
    gives_up_throttled_after_seconds: float = DAY_SECONDS
    longest_retry_after_seconds: float = HOUR_SECONDS

    @property
    def longest_wait_seconds(self) -> float:
        """The longest time that can pass between two attempts of a message."""
        longest = max(self.longest_seconds, self.longest_retry_after_seconds)
        gives_up = max(self.gives_up_after_seconds, self.gives_up_throttled_after_seconds)
        return min(longest, gives_up)


@dataclass(frozen=True, slots=True)
class CircuitPolicy:
    """When the circuit breaker opens, and how it probes the destination.

    Attributes:
        opens_after_failures: consecutive attempts without an answer, or answered 5xx, after which
            the destination counts as down.
        first_probe_seconds: the wait before the first probe; it doubles with each failed probe.
        longest_probe_seconds: upper bound of that wait.
        gives_up_after_seconds: how long a destination may stay down before the export stops.
    """

    opens_after_failures: int = 10
    first_probe_seconds: float = 1.0
    longest_probe_seconds: float = 30.0
    gives_up_after_seconds: float = DAY_SECONDS


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How messages are delivered.

    Attributes:
        name: its name on the command line.
        retried_statuses: HTTP statuses after which a message is sent again.
        retried_above_status: every greater status is retried too; None: no others.
        retries: when a message is sent again, and when it is given up.
        honours_retry_after: whether the destination's ``Retry-After`` delays the next attempt.
        keeps_order: whether a profile's next message waits until the previous one has ended.
            Adobe documents no order; that it keeps none while it retries is assumed.
        calls_per_minute: the rate limit; None: as fast as the connections allow (A-LIM-1).
        calls_per_day: the most calls in any day (Q-LIM-4); None: no limit.
        circuit: the circuit breaker's settings; None: no circuit breaker.
        connect_timeout_seconds: how long a connection may take.
        read_timeout_seconds: how long the answer may take (A-LIM-1: two seconds).
        page: the vendor's page that it follows, in the repository of Adobe's documentation.
        page_date: the date of that page; None: the page states none, and none is known.

    Example:
        >>> import dataclasses
        >>> patient = dataclasses.replace(LOSSLESS, read_timeout_seconds=10.0)
        >>> patient.retries_status(503), patient.retries_status(413)
        (True, False)
    """

    name: str
    retried_statuses: frozenset[int]
    retries: ScheduledRetries | BackoffRetries
    retried_above_status: int | None = None
    honours_retry_after: bool = False
    keeps_order: bool = False
    calls_per_minute: float | None = None
    calls_per_day: int | None = None
    circuit: CircuitPolicy | None = None
    connect_timeout_seconds: float = 2.0
    read_timeout_seconds: float = 2.0
    page: str | None = None
    page_date: dt.date | None = None

    @property
    def follows(self) -> str:
        """Which vendor's page it follows, and of which date; "" for none.

        Example:
            >>> ADOBE_BEST_EFFORT.follows
            'rate-limiting-retry-policy.md, date unknown'
        """
        if self.page is None:
            return ""
        when = f"of {self.page_date}" if self.page_date else "date unknown"
        return f"{self.page.rpartition('/')[2]}, {when}"

    @property
    def drops_messages(self) -> bool:
        """Whether messages are dropped after a number of retries, as Adobe does (A-RTRY-1)."""
        return isinstance(self.retries, ScheduledRetries)

    def retries_status(self, status: int) -> bool:
        """Return whether a message that got this status is sent again."""
        above = self.retried_above_status
        return status in self.retried_statuses or (above is not None and status > above)

    def retrying_after(self, seconds: Iterable[float]) -> "RetryPolicy":
        """Return a copy of this policy that retries at other times (A-RTRY-1).

        Args:
            seconds: when each retry is due, counted from a message's first failure.

        Raises:
            ConfigurationError: they are not positive, finite and ascending, or the policy retries
                until a message is delivered.

        Example:
            >>> ADOBE_BEST_EFFORT.retrying_after([15.0]).retries
            ScheduledRetries(after_first_failure_seconds=(15.0,))
        """
        if not self.drops_messages:
            raise ConfigurationError(
                f"retry after: policy {self.name!r} takes no schedule: it retries with backoff "
                "until a message is delivered or given up (--give-up-after); expected one of "
                "Adobe's policies"
            )
        check_kind("retry after", seconds, Iterable, "a list of seconds, such as [15.0, 30.0]")
        return dataclasses.replace(self, retries=ScheduledRetries(tuple(seconds)))

    def giving_up_after(self, seconds: float) -> "RetryPolicy":
        """Return a copy of this policy that gives up after another time.

        Args:
            seconds: how long a failing message is retried, and how long a destination may stay
                down.

        Raises:
            ConfigurationError: the time is not positive and finite, or the policy retries at fixed
                times (A-RTRY-1, A-RTRY-2).

        Example:
            >>> LOSSLESS.giving_up_after(60.0).retries.gives_up_after_seconds
            60.0
        """
        if isinstance(self.retries, ScheduledRetries):
            raise ConfigurationError(
                f"policy {self.name!r}: when it tries again is fixed, so when it gives up cannot "
                f"be set; expected policy {LOSSLESS.name!r}"
            )
        check_seconds("give up after", seconds)
        retries = dataclasses.replace(self.retries, gives_up_after_seconds=seconds)
        circuit = self.circuit and dataclasses.replace(self.circuit, gives_up_after_seconds=seconds)
        return dataclasses.replace(self, retries=retries, circuit=circuit)


_RETRY_PAGE = "help/destinations/destination-sdk/functionality/rate-limiting-retry-policy.md"
_RETRY_PAGE_DATE = None  # the page states none; an older copy of it has a single, immediate retry

ADOBE_BEST_EFFORT = RetryPolicy(
    name="adobe-best-effort",
    retried_statuses=frozenset({403, 408, 409, 429, 500, 502, 503, 504}),
    retries=ScheduledRetries((15.0, 30.0)),
    page=_RETRY_PAGE,
    page_date=_RETRY_PAGE_DATE,
)
"""Best-effort aggregation (A-RTRY-1): two retries, then the activation is dropped permanently."""

ADOBE_CONFIGURABLE = RetryPolicy(
    name="adobe-configurable",
    retried_statuses=frozenset({420, 429}),
    retried_above_status=500,
    retries=ScheduledRetries((1800.0,)),
    page=_RETRY_PAGE,
    page_date=_RETRY_PAGE_DATE,
)
"""Configurable aggregation (A-RTRY-2): retried 30 minutes later; that it is once is assumed."""

LOSSLESS = RetryPolicy(
    name="lossless",
    retried_statuses=frozenset({403, 408, 409, 420, 425, 429}),
    retried_above_status=499,
    retries=BackoffRetries(),
    honours_retry_after=True,
    keeps_order=True,
    calls_per_minute=QUALTRICS_CALLS_PER_MINUTE,
    calls_per_day=QUALTRICS_CALLS_PER_DAY,
    circuit=CircuitPolicy(),
)
"""Loses nothing: paced to the limit and retried for a day; what then fails can be replayed."""

POLICIES = {p.name: p for p in (LOSSLESS, ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE)}


def policy_named(name: str) -> RetryPolicy:
    """Return the policy of that name.

    Raises:
        ConfigurationError: there is no policy of that name.

    Example:
        >>> policy_named("adobe-best-effort").retries
        ScheduledRetries(after_first_failure_seconds=(15.0, 30.0))
    """
    try:
        return POLICIES[name]
    except KeyError:
        known = ", ".join(POLICIES)
        raise ConfigurationError(f"policy {name!r} is unknown; expected one of {known}") from None
