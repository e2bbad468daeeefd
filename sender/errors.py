"""Every error that the sender raises on purpose.

SenderError
├── ConfigurationError        wrong usage or configuration: nothing was sent (exit code 2)
│   ├── DataflowError         everything that is wrong with a dataflow file, all at once
│   ├── MissingTokenError     no API token was given
│   ├── MissingExtraError     an optional dependency is not installed
│   └── OutboxInUseError      another export holds the outbox
├── BrokenRowError            a row of a source holds no profile; it becomes a BrokenRow
└── DeliveryError             sending went wrong
    └── ExportStoppedError    a hopeless answer, or an interruption, ended the export early
"""

from collections.abc import Sequence


class SenderError(Exception):
    """Base of every error the sender raises on purpose."""


class ConfigurationError(SenderError):
    """Wrong usage or configuration; nothing was sent."""


class DataflowError(ConfigurationError):
    """Everything that is wrong with a dataflow, one line a violation.

    Attributes:
        where: the file, or what the caller called the dataflow.
        violations: each names a path, the value found (never a secret) and what was expected.
    """

    def __init__(self, where: str, violations: Sequence[object]) -> None:
        self.where = where
        self.violations = tuple(violations)
        super().__init__("\n".join(f"{where}: {violation}" for violation in self.violations))


class BrokenRowError(SenderError):
    """A row of a source holds no profile; the text says why, without any of its content."""


class MissingTokenError(ConfigurationError):
    """No API token was given."""


class MissingExtraError(ConfigurationError):
    """An optional dependency is not installed; the text names the extra that brings it."""


class OutboxInUseError(ConfigurationError):
    """Another export holds the outbox."""


class DeliveryError(SenderError):
    """Sending went wrong."""


class ExportStoppedError(DeliveryError):
    """The export ended before its last message; the text says why and how to go on.

    Attributes:
        report: the run so far, a :class:`sender.reporting.report.Report`.
        interrupted: whether it was asked to stop, and nothing went wrong.

    Example:
        >>> try:
        ...     raise ExportStoppedError("the credential is not known", interrupted=False)
        ... except ExportStoppedError as stopped:
        ...     print(stopped)
        the credential is not known
    """

    def __init__(self, reason: str, report: object = None, *, interrupted: bool = False) -> None:
        self.report = report
        self.interrupted = interrupted
        super().__init__(reason)
