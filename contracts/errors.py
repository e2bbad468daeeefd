"""Everything that this package raises on purpose.

::

    ContractsError
    ├── ControlError               the mock's control API could not be used
    │   ├── ControlTokenError      a control token that no header can carry
    │   ├── ControlUnreachableError  no answer came
    │   ├── ControlRefusedError    it was answered with an error: status, title, violations
    │   ├── ControlNotReadyError   awaited counts were not reached in time; holds the totals
    │   └── ControlAnswerError     an answer that no control API gives
    ├── MockStartError             the mock's process ended, or was not ready in time
    ├── ProbeError                 a real account could not be asked
    ├── UnknownSchemaError         a schema's name that is none
    └── UnreadableFileError        a file that cannot be opened or read
        └── BrokenDocumentError    a file, or a line of one, that is no strict JSON or TOML
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import Any


class ContractsError(Exception):
    """The root: catch it to catch all that this package raises on purpose."""


class NoAnswer(Enum):
    """Why no answer came from a control API."""

    NO_CONNECTION = auto()
    CONNECT_TIMEOUT = auto()
    READ_TIMEOUT = auto()
    UNTRUSTED_CERTIFICATE = auto()
    UNUSABLE_PROXY = auto()
    OTHER = auto()


class ControlError(ContractsError):
    """The mock's control API could not be used; the text holds no token."""


class ControlTokenError(ControlError):
    """No HTTP header can carry the control token."""

    def __init__(self) -> None:
        super().__init__("the control token: expected printable ASCII characters only")


class ControlUnreachableError(ControlError):
    """No answer came.

    Attributes:
        reason: what kind of trouble it was.
        detail: what the HTTP library says of it.
    """

    def __init__(self, control_url: str, reason: NoAnswer, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{control_url}: no answer: {detail}")


class ControlRefusedError(ControlError):
    """The answer has an error status.

    Attributes:
        status: the HTTP status.
        title: the problem in words; empty when the answer gives none.
        violations: everything that is wrong with what was sent, when there may be several.
    """

    def __init__(self, status: int, title: str = "", violations: Sequence[str] = ()) -> None:
        self.status = status
        self.title = title
        self.violations = tuple(violations)
        said = "; ".join(filter(None, (title, *self.violations)))
        super().__init__(f"the control API answered {status}{said and ': '}{said}")


class ControlNotReadyError(ControlError):
    """The awaited counts were not reached in time.

    Attributes:
        totals: the counts when time was up, as the schema ``totals`` says.
    """

    def __init__(self, totals: Mapping[str, Any]) -> None:
        self.totals = totals
        super().__init__(f"not reached in time; the totals are {dict(totals)}")


class ControlAnswerError(ControlError):
    """The answer is none that a control API gives.

    Attributes:
        missing: the part that the answer lacks; None when the answer is no JSON at all.
        detail: what is wrong, in words.
    """

    def __init__(self, control_url: str, detail: str, missing: str | None = None) -> None:
        self.missing = missing
        self.detail = detail
        super().__init__(f"{control_url}: {detail}")


class MockStartError(ContractsError):
    """The mock's process ended before it was ready, or was not ready in time.

    Attributes:
        exit_code: of the process; None when it was still running and had to be stopped.
        output: the last lines that it wrote.
    """

    def __init__(self, exit_code: int | None, output: str) -> None:
        self.exit_code = exit_code
        self.output = output
        what = "was not ready in time" if exit_code is None else f"ended with {exit_code}"
        super().__init__(f"the mock {what}:\n{output}")


class ProbeError(ContractsError):
    """A real account could not be asked, or gave no answer; the text holds no secret."""


class UnknownSchemaError(ContractsError):
    """There is no schema of that name.

    Attributes:
        name: the name that was asked for.
        known: the names there are, sorted.
    """

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(sorted(known))
        super().__init__(f'no schema is called "{name}"; expected one of {", ".join(self.known)}')


class UnreadableFileError(ContractsError):
    """A file could not be read as what it should be.

    Attributes:
        path: the file as the caller named it; ``-`` is standard input.
        reason: what was wrong.
        line: the line the trouble was met at, counted from 1; None when it has no line.
    """

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        self.path = path
        self.reason = reason
        self.line = line
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {reason}")


class BrokenDocumentError(UnreadableFileError):
    """What was read is no strict JSON or TOML document; other lines of the file may be."""
