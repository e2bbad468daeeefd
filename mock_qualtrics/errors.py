"""The errors of this package.

MockError
├── InvalidInstantError         a text is no RFC 3339 instant
├── ClockGoesBackwardsError     a virtual clock cannot move to the past
├── ClockEndsError              a virtual clock cannot move beyond the last instant
├── ClockMustBeAdvancedError    nothing happens on a virtual clock until it is advanced
├── NotVirtualError             a real clock cannot be advanced
├── InvalidSettingsError        settings are wrong; lists every reason
│   ├── InvalidFaultError       the settings of a fault are wrong
│   ├── InvalidEventError       an event for "Run now" is no JSON object
│   └── InvalidPathError        a text is no JSONPath
├── NotFoundError               no tenant, workflow or run has this id
│   └── UnknownFaultError       no fault of the tenant has this id
├── WireFaultsOffError          the fault breaks connections, which the server does not allow
├── BadCursorError              a page's cursor was not made by this server, or was changed
├── IncompleteJournalError      the bounded store dropped rows that the caller asks for
├── PathFailedError             a JSONPath cannot be evaluated on an event
├── TooMuchWorkError            an event's paths or piped fields exceed the work budget
├── NoRealThreadsError          a library has replaced threads, so no server can run in one
├── ServerStoppedError          the server stops, and ended a wait or an advance
├── TooManyStreamsError         one more event stream than may be open at once
├── TenantResetError            a tenant was reset while its clock was advanced
├── StoreFailedError            the database cannot be opened, or refused to write
│   └── RowRefusedError         it refused a row because of the row's data
├── FileTakenError              a file is another server's, or no server has written it
└── CallFailedError             a web_service task's call did not succeed
"""

from collections.abc import Sequence


class MockError(Exception):
    """The root of the package's errors."""


class InvalidInstantError(MockError):
    """A text is no RFC 3339 instant."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is no instant: "
            "expected RFC 3339 with an offset from UTC, such as 2026-01-01T00:00:00Z"
        )


class ClockGoesBackwardsError(MockError):
    """A virtual clock cannot move to the past."""

    def __init__(self, now: str, wanted: str) -> None:
        super().__init__(f"The clock stands at {now} and cannot go back to {wanted}")


class ClockEndsError(MockError):
    """A virtual clock cannot move beyond the last instant that RFC 3339 can express."""

    def __init__(self, now: str, last: str) -> None:
        super().__init__(f"The clock stands at {now} and cannot go beyond {last}")


class ClockMustBeAdvancedError(MockError):
    """Nothing happens on a virtual clock until it is advanced."""

    def __init__(self, tenant_id: str, now: str, next_at: str | None) -> None:
        waits = f"the next run is due at {next_at}" if next_at else "no run waits for its turn"
        super().__init__(
            f"Tenant {tenant_id} has a virtual clock at {now} and nothing is due: "
            f"advance the clock first ({waits})"
        )


class NotVirtualError(MockError):
    """A real clock cannot be advanced."""

    def __init__(self, tenant_id: str) -> None:
        super().__init__(
            f"Tenant {tenant_id} has a real clock: only a skipping or virtual one can be advanced; "
            'make the tenant with the clock "skipping" or "virtual"'
        )


class InvalidSettingsError(MockError):
    """Settings are wrong.

    Attributes:
        violations: every reason. Each one, as text, names the place, the value and what was
            expected.
    """

    what = "The settings are wrong"
    """What the error is about; the text that precedes the reasons."""

    def __init__(self, violations: Sequence[object]) -> None:
        super().__init__(f"{self.what}: " + "; ".join(map(str, violations)))
        self.violations = tuple(violations)


class InvalidFaultError(InvalidSettingsError):
    """The settings of a fault are wrong."""

    what = "The fault is wrong"


class InvalidEventError(InvalidSettingsError):
    """An event for "Run now" is no JSON object; holds the reasons."""

    what = "The event is wrong"


class InvalidPathError(InvalidSettingsError):
    """A text is no JSONPath."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__([f"{path!r} is no JSONPath (RFC 9535): {reason}"])


class NotFoundError(MockError):
    """No tenant, workflow or run has this id."""

    def __init__(self, kind: str, identifier: str) -> None:
        super().__init__(f"There is no {kind} {identifier!r}")
        self.kind = kind


class UnknownFaultError(NotFoundError):
    """No fault of the tenant has this id."""

    def __init__(self, identifier: str) -> None:
        super().__init__("fault", identifier)


class WireFaultsOffError(MockError):
    """The fault breaks connections, which the server does not allow."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"The fault {kind!r} breaks connections: start serve with --wire-faults")


class BadCursorError(MockError):
    """A page's cursor was not made by this server, or was changed."""

    def __init__(self) -> None:
        super().__init__("The cursor is not one that this server gave out: use `next` unchanged")


class IncompleteJournalError(MockError):
    """The bounded store dropped rows that the caller asks for."""

    def __init__(self, tenant_id: str, first: str, last: str) -> None:
        super().__init__(
            f"The journal of tenant {tenant_id} dropped its rows from {first} to {last}: "
            "give serve a --store on disk, or more room by --memory-megabytes"
        )


class PathFailedError(MockError):
    """A JSONPath cannot be evaluated on an event: nesting too deep, or too much work."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be evaluated: {reason}")


class TooMuchWorkError(MockError):
    """An event's paths or piped fields exceed the work budget; the message says which."""


class NoRealThreadsError(MockError):
    """A library has replaced threads, and a server in such a thread would never answer."""

    def __init__(self) -> None:
        super().__init__(
            "threads are replaced in this process (gevent's monkey.patch_all(), or eventlet's), so "
            "the mock cannot serve in one; start it as a process: "
            "contracts.mock_process.start_mock(), or `mock-qualtrics serve`"
        )


class ServerStoppedError(MockError):
    """The server stops, and ended a wait or an advance before it was done."""

    def __init__(self) -> None:
        super().__init__("The server stops: it ended this call before it was done")


class TooManyStreamsError(MockError):
    """As many event streams are open as may be."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} event streams are open, and no more may be: close one first")


class TenantResetError(MockError):
    """A tenant was reset while its clock was advanced, which ended there."""

    def __init__(self, tenant_id: str) -> None:
        super().__init__(
            f"Tenant {tenant_id} was reset while its clock was advanced: "
            "the advance ended, and the clock is at its start again"
        )


class StoreFailedError(MockError):
    """The database cannot be opened, or refused to write; staged rows are kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The journal's store failed: {reason}")


class RowRefusedError(StoreFailedError):
    """The database refused a row because of its data; it would refuse the same row again."""


class FileTakenError(MockError):
    """A file that a server is to write is another running server's, or no server's at all."""


class CallFailedError(MockError):
    """The call of a web_service task did not succeed."""
