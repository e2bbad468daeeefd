"""Every error that this package raises itself.

::

    ContractsError
    ├── ControlError               the mock's control API could not be used
    │   ├── ControlTokenError      the control token cannot be sent in a header
    │   ├── ControlUnreachableError  no answer came
    │   ├── ControlRefusedError    the answer is an error: status, title, violations
    │   ├── ControlNotReadyError   awaited counts were not reached in time; holds the totals
    │   └── ControlAnswerError     the answer is not that of a control API
    ├── MockStartError             the mock's process ended, or was not ready in time
    ├── ConformanceError           a connector could not be judged
    │   ├── ScenarioError          a scenario's file is not a scenario
    │   ├── UnknownScenarioError   there is no scenario of that name
    │   ├── CounterexampleError    a stored failure cannot be read or stored
    │   ├── CommandError           the connector's command cannot be started
    │   └── IncompleteJournalError  the mock has not kept every call
    ├── ProbeError                 a real account could not be probed
    ├── TrafficError               recorded calls cannot be judged
    ├── UnknownSchemaError         there is no schema of that name
    ├── UnreadableFileError        a file cannot be opened or read
    │   └── BrokenDocumentError    a file, or a line of it, is not strict JSON or TOML
    └── UnwritableReportError      a report cannot be written to the file named for it
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum, auto
from typing import Any


class ContractsError(Exception):
    """Base class of this package's errors."""


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
    """The control token cannot be sent in an HTTP header."""

    def __init__(self) -> None:
        super().__init__(
            "the control token: expected Latin-1 characters on one line, no blank around them"
        )


class ControlUnreachableError(ControlError):
    """No answer came.

    Attributes:
        reason: the kind of failure.
        detail: the HTTP library's message.
        note: which variable's proxy the call took; empty for none.
    """

    def __init__(self, control_url: str, reason: NoAnswer, detail: str, note: str = "") -> None:
        self.reason = reason
        self.detail = detail
        self.note = note
        super().__init__(f"{control_url}: no answer: {detail}{note}")


class ControlRefusedError(ControlError):
    """The answer has an error status.

    Attributes:
        status: the HTTP status.
        title: a description of the problem; empty when the answer has none.
        violations: all problems of the document that was sent, if the answer lists them.
    """

    def __init__(self, status: int, title: str = "", violations: Sequence[str] = ()) -> None:
        self.status = status
        self.title = title
        self.violations = tuple(violations)
        details = "; ".join(filter(None, (title, *self.violations)))
        super().__init__(f"the control API answered {status}{details and ': '}{details}")


class ControlNotReadyError(ControlError):
    """The awaited counts were not reached in time.

    Attributes:
        totals: the counts at the timeout, as in the schema ``totals``.
    """

    def __init__(self, totals: Mapping[str, Any]) -> None:
        self.totals = totals
        super().__init__(f"not reached in time; the totals are {dict(totals)}")


class ControlAnswerError(ControlError):
    """The answer is not that of a control API.

    Attributes:
        missing: the key that the answer lacks; None when the answer is not JSON.
        detail: a description of the problem.
    """

    def __init__(self, control_url: str, detail: str, missing: str | None = None) -> None:
        self.missing = missing
        self.detail = detail
        super().__init__(f"{control_url}: {detail}")


class MockStartError(ContractsError):
    """The mock's process ended before it was ready, or was not ready in time.

    Attributes:
        exit_code: the process's exit code; None when it was still running and was stopped.
        output: the last lines of its output.
    """

    def __init__(self, exit_code: int | None, output: str) -> None:
        self.exit_code = exit_code
        self.output = output
        what = "was not ready in time" if exit_code is None else f"ended with {exit_code}"
        super().__init__(f"the mock {what}:\n{output}")


class ProbeError(ContractsError):
    """A real account could not be probed, or did not answer; the text holds no secret."""


class TrafficError(ContractsError):
    """Recorded calls cannot be judged, for not all of them are there; the text holds no secret."""


class UnknownSchemaError(ContractsError):
    """There is no schema of that name.

    Attributes:
        name: the unknown name.
        known: the names of all schemas, sorted.
    """

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(sorted(known))
        super().__init__(f'no schema is called "{name}"; expected one of {", ".join(self.known)}')


class UnreadableFileError(ContractsError):
    """A file could not be read as what it should be.

    Attributes:
        path: the file as the caller named it; ``-`` is standard input.
        reason: what is wrong.
        line: the line of the problem, counted from 1; None when it has no line.
    """

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        self.path = path
        self.reason = reason
        self.line = line
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {reason}")


class BrokenDocumentError(UnreadableFileError):
    """A document is not strict JSON or TOML; other lines of the same file may be."""


class UnwritableReportError(ContractsError):
    """A report cannot be written to the file that was named for it.

    Attributes:
        path: the file as the caller named it.
        reason: what is wrong.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class ConformanceError(ContractsError):
    """A connector could not be judged."""


class ScenarioError(ConformanceError):
    """A scenario's file is not a scenario."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the scenario {name}: {reason}")


class UnknownScenarioError(ConformanceError):
    """There is no scenario of that name."""

    def __init__(self, name: str, similar: Sequence[str]) -> None:
        meant = f"did you mean {similar[0]}?" if similar else "--list shows all"
        super().__init__(f"there is no scenario {name!r}: {meant}")


class UnknownClaimError(ConformanceError):
    """No scenario needs a claim of that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        close = get_close_matches(name, names, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        super().__init__(
            f"no scenario needs a claim {name!r}{hint}: expected one of {', '.join(names)}"
        )


class KeptFolderError(ConformanceError):
    """What is to be kept of a run has no place."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(f"{folder}: {reason}; expected a new or an empty folder")


class CommandError(ConformanceError):
    """The connector's command cannot be started."""

    def __init__(self, command: str, reason: str) -> None:
        super().__init__(f"the command {command!r} cannot be started: {reason}")


class CounterexampleError(ConformanceError):
    """A stored failure cannot be read or stored."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class IncompleteJournalError(ConformanceError):
    """The mock has not kept every call, so that nothing can be judged by what it has."""

    def __init__(self, tenant_id: str) -> None:
        super().__init__(
            f"the journal of tenant {tenant_id} is not complete: the mock has dropped calls; give "
            "it a store with room for them"
        )
