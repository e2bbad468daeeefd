"""Retry, pacing and timeout as data: what each way of delivering promises and gives up.

Three policies: the two of Adobe's documentation, which lose what they lose, and one that loses
nothing. Nothing is decided here: see :mod:`sender.delivery.decisions`.
"""

import dataclasses
from dataclasses import dataclass

from sender.errors import ConfigurationError

QUALTRICS_CALLS_PER_MINUTE = 3000
"""What the destination takes from one brand (Q-LIM-1)."""

DAY_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class ScheduledRetries:
    """A fixed number of retries, each a stated time after the message's first failure.

    Attributes:
        after_first_failure_seconds: when each retry is due, counted from the first failed attempt.
    """

    after_first_failure_seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BackoffRetries:
    """Retries with exponential backoff and full jitter, until the message is too old.

    Attributes:
        first_seconds: upper bound of the first delay; it doubles with each attempt.
        longest_seconds: upper bound of any delay.
        gives_up_after_seconds: how long after its first failed attempt a message is parked.
        gives_up_throttled_after_seconds: the same while the destination says that calls come too
            fast: it is up, and the message only waits for its turn.
    """

    first_seconds: float = 0.5
    longest_seconds: float = 60.0
    gives_up_after_seconds: float = DAY_SECONDS
    gives_up_throttled_after_seconds: float = DAY_SECONDS


@dataclass(frozen=True, slots=True)
class CircuitPolicy:
    """When a destination counts as down, and how it is probed.

    Attributes:
        opens_after_failures: so many failed attempts in a row, with no answer good or refused.
        first_probe_seconds: how long to wait before the first probe; doubles with each that fails.
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
        name: what the command line calls it.
        retried_statuses: HTTP statuses after which a message is sent again.
        retried_above_status: every status greater than this one is retried too; none: no more.
        retries: when a message is sent again, and when not any more.
        honours_retry_after: whether the destination's ``Retry-After`` delays the next attempt.
        keeps_order: whether a profile's next message waits until the one before has come to its
            end. Adobe documents no order; that it keeps none while it retries is assumed.
        calls_per_minute: what is sent at most; none: as fast as the connections allow (A-LIM-1).
        circuit: how to treat a destination that is down; none: as if it were up.
        connect_timeout_seconds: how long a connection may take.
        read_timeout_seconds: how long the answer may take (A-LIM-1: two seconds).

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
    circuit: CircuitPolicy | None = None
    connect_timeout_seconds: float = 2.0
    read_timeout_seconds: float = 2.0

    @property
    def drops_messages(self) -> bool:
        """Whether it gives messages up after a number of tries, as Adobe does (A-RTRY-1)."""
        return isinstance(self.retries, ScheduledRetries)

    def retries_status(self, status: int) -> bool:
        """Tell whether a message answered with that status is sent again."""
        above = self.retried_above_status
        return status in self.retried_statuses or (above is not None and status > above)

    def giving_up_after(self, seconds: float) -> "RetryPolicy":
        """Return this policy, with another bound on how long it tries.

        Args:
            seconds: how long a message that fails is sent again, and a destination may stay down.

        Raises:
            ConfigurationError: its retries come at fixed times (A-RTRY-1, A-RTRY-2).

        Example:
            >>> LOSSLESS.giving_up_after(60.0).retries.gives_up_after_seconds
            60.0
        """
        if isinstance(self.retries, ScheduledRetries):
            raise ConfigurationError(
                f"policy {self.name!r}: when it tries again is fixed, so it cannot be told when to "
                f"give up; expected policy {LOSSLESS.name!r}"
            )
        retries = dataclasses.replace(self.retries, gives_up_after_seconds=seconds)
        circuit = self.circuit and dataclasses.replace(self.circuit, gives_up_after_seconds=seconds)
        return dataclasses.replace(self, retries=retries, circuit=circuit)


ADOBE_BEST_EFFORT = RetryPolicy(
    name="adobe-best-effort",
    retried_statuses=frozenset({403, 408, 409, 429, 500, 502, 503, 504}),
    retries=ScheduledRetries((15.0, 30.0)),
)
"""Best-effort aggregation (A-RTRY-1): two retries, then the activation is dropped for good."""

ADOBE_CONFIGURABLE = RetryPolicy(
    name="adobe-configurable",
    retried_statuses=frozenset({420, 429}),
    retried_above_status=500,
    retries=ScheduledRetries((1800.0,)),
)
"""Configurable aggregation (A-RTRY-2): once more, 30 minutes later. That it is once is assumed."""

LOSSLESS = RetryPolicy(
    name="lossless",
    retried_statuses=frozenset({403, 408, 409, 420, 425, 429}),
    retried_above_status=499,
    retries=BackoffRetries(),
    honours_retry_after=True,
    keeps_order=True,
    calls_per_minute=QUALTRICS_CALLS_PER_MINUTE,
    circuit=CircuitPolicy(),
)
"""Loses nothing: paced to what the destination takes, retried for a day, then parked."""

POLICIES = {p.name: p for p in (LOSSLESS, ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE)}


def policy_named(name: str) -> RetryPolicy:
    """Return the policy of that name.

    Raises:
        ConfigurationError: there is none of that name.

    Example:
        >>> policy_named("adobe-best-effort").retries
        ScheduledRetries(after_first_failure_seconds=(15.0, 30.0))
    """
    try:
        return POLICIES[name]
    except KeyError:
        known = ", ".join(POLICIES)
        raise ConfigurationError(f"policy {name!r} is unknown; expected one of {known}") from None
