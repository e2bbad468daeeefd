"""What happens to an export as a whole, from its start to its end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutboxMigrated:
    """The outbox was of an older version, and was brought to this one when it was opened.

    Attributes:
        outbox: the file.
        from_version: the version that it had; releases of that version cannot open it any more.
        to_version: the version that it has now.

    Example:
        >>> OutboxMigrated("survey.outbox.sqlite", from_version=1, to_version=4).from_version
        1
    """

    outbox: str
    from_version: int
    to_version: int


@dataclass(frozen=True, slots=True)
class ExportStarted:
    """An export started or resumed.

    Attributes:
        dataflow: the dataflow's name.
        policy: the retry policy's name.
        pending: messages left over from earlier exports, which are sent first.
    """

    dataflow: str
    policy: str
    pending: int


@dataclass(frozen=True, slots=True)
class NoOfferedRate:
    """One of Adobe's policies goes as fast as this machine can: what is lost depends on that.

    Attributes:
        policy: the retry policy's name.

    Example:
        >>> NoOfferedRate("adobe-best-effort").policy
        'adobe-best-effort'
    """

    policy: str


@dataclass(frozen=True, slots=True)
class OfferedRateMissed:
    """The machine, or the source of the profiles, could not keep the offered rate.

    Attributes:
        offered_per_second: first tries per second that were asked for.
        reached_per_second: first tries per second that were made.

    Example:
        >>> missed = OfferedRateMissed(offered_per_second=500.0, reached_per_second=320.0)
        >>> f"{missed.reached_per_second / missed.offered_per_second:.0%}"
        '64%'
    """

    offered_per_second: float
    reached_per_second: float


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """The source was changed before the row up to which it had been read: it is read anew.

    Attributes:
        rows_read: rows that the last run had read.

    Example:
        >>> SourceChanged(rows_read=256).rows_read
        256
    """

    rows_read: int


@dataclass(frozen=True, slots=True)
class ProgressMade:
    """The progress of the export, counted since this invocation started.

    Attributes:
        received: profiles read.
        activated: messages accepted by the destination.
        excluded: profiles not exported.
        failed: messages that failed permanently or are uncertain.
        broken: rows that were not a profile.

    Example:
        >>> made = ProgressMade(received=10, activated=7, excluded=2, failed=1, broken=0)
        >>> f"{made.activated + made.excluded + made.failed} of {made.received}"
        '10 of 10'
    """

    received: int
    activated: int
    excluded: int
    failed: int
    broken: int


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The export ended, with nothing pending.

    Attributes:
        status: the run's status in Adobe's terms (A-RPT-1).
        activated: messages accepted by the destination.
        excluded: profiles not exported.
        failed: messages that failed permanently.
        uncertain: messages that were given up without knowing whether they were executed.

    Example:
        >>> RunFinished("Completed", activated=9, excluded=1, failed=0, uncertain=0).status
        'Completed'
    """

    status: str
    activated: int
    excluded: int
    failed: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class RunStopped:
    """The export ended early.

    Attributes:
        reason: why it ended.
        pending: messages not delivered yet.

    Example:
        >>> RunStopped("interrupted", pending=250).pending
        250
    """

    reason: str
    pending: int


RunEvent = (
    OutboxMigrated
    | ExportStarted
    | NoOfferedRate
    | OfferedRateMissed
    | SourceChanged
    | ProgressMade
    | RunFinished
    | RunStopped
)
