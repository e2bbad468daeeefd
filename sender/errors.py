"""Every error that the sender raises itself.

SenderError
├── ConfigurationError        wrong usage or configuration; nothing was sent (exit code 2)
│   ├── DataflowError         all problems of a dataflow file
│   ├── MissingTokenError     no API token was given
│   ├── MissingExtraError     an optional dependency is not installed
│   ├── SourceChangedError    the profiles that a run has read are not those of its source now
│   └── OutboxInUseError      another export has locked the outbox
├── BrokenRowError            a row of a source is not a profile; it becomes a BrokenRow
└── DeliveryError             delivery failed
    └── ExportStoppedError    the export ended early: an error that affects every message,
                              or an interruption
"""

from collections.abc import Sequence


class SenderError(Exception):
    """Base class of the sender's errors."""


class ConfigurationError(SenderError):
    """Wrong usage or configuration; nothing was sent."""


class DataflowError(ConfigurationError):
    """All problems of a dataflow, one line per violation.

    Attributes:
        where: the file, or the name that the caller gave the dataflow.
        violations: each names a path, the value found (never a secret) and the value expected.
    """

    def __init__(self, where: str, violations: Sequence[object]) -> None:
        self.where = where
        self.violations = tuple(violations)
        super().__init__("\n".join(f"{where}: {violation}" for violation in self.violations))


class BrokenRowError(SenderError):
    """A row of a source is not a profile; the text says why, without any of its content."""


class MissingTokenError(ConfigurationError):
    """No API token was given."""


class MissingExtraError(ConfigurationError):
    """An optional dependency is not installed; the text names the extra to install."""


class OutboxInUseError(ConfigurationError):
    """Another export has locked the outbox."""


class SourceChangedError(ConfigurationError):
    """The profiles before the point that a run has reached are not the ones that it has read.

    Attributes:
        rows_read: how many rows it has read.
    """

    def __init__(self, rows_read: int, advice: str) -> None:
        self.rows_read = rows_read
        where = f"before row {rows_read + 1:,}, up to which it was read"
        super().__init__(f"changed since the export, {where}; {advice}")


class DeliveryError(SenderError):
    """Delivery failed."""


class ExportStoppedError(DeliveryError):
    """The export ended before its last message; the text says why.

    Attributes:
        report: the run so far, a :class:`sender.reporting.report.Report`.
        interrupted: whether it was asked to stop, as opposed to stopped by an error.
        url_in_doubt: whether the URL may be wrong, so that to resume would end in the same way.

    Example:
        >>> try:
        ...     raise ExportStoppedError("the credential is not known", interrupted=False)
        ... except ExportStoppedError as stopped:
        ...     print(stopped)
        the credential is not known
    """

    def __init__(
        self,
        reason: str,
        report: object = None,
        *,
        interrupted: bool = False,
        url_in_doubt: bool = False,
    ) -> None:
        self.report = report
        self.interrupted = interrupted
        self.url_in_doubt = url_in_doubt
        super().__init__(reason)
