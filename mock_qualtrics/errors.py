"""Everything that this package raises on purpose.

MockError
├── InvalidInstantError         a text is no RFC 3339 instant
├── ClockGoesBackwardsError     a virtual clock was told to move to the past
├── ClockEndsError              a virtual clock was told to move past the last instant there is
├── ClockMustBeAdvancedError    nothing will happen on a virtual clock until it is moved
├── NotVirtualError             a real clock was told to move
├── InvalidSettingsError        settings that someone handed in are wrong; says every reason
│   └── InvalidFaultError       a fault's
├── NotFoundError               no tenant, workflow or run has that id
│   └── UnknownFaultError       no fault has
├── WireFaultsOffError          the fault breaks connections and the server was not told it may
├── BadCursorError              a page's cursor was not made by this server, or was changed
├── IncompleteJournalError      the bounded store dropped rows that the question is about
├── PathFailedError             a JSONPath cannot be evaluated on an event
├── TooMuchWorkError            JSONPaths ask for more work than one event is worth
├── StoreFailedError            the database cannot be opened, or refused to write
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
    """A virtual clock was told to move to the past."""

    def __init__(self, now: str, wanted: str) -> None:
        super().__init__(f"The clock stands at {now} and cannot go back to {wanted}")


class ClockEndsError(MockError):
    """A virtual clock was told to move past the last instant that can be written."""

    def __init__(self, now: str, last: str) -> None:
        super().__init__(f"The clock stands at {now} and cannot go beyond {last}")


class ClockMustBeAdvancedError(MockError):
    """Nothing more will happen on a virtual clock until it is moved."""

    def __init__(self, tenant_id: str, now: str, next_at: str | None) -> None:
        waits = f"the next run is due at {next_at}" if next_at else "no run waits for its turn"
        super().__init__(
            f"Tenant {tenant_id} has a virtual clock at {now} and nothing is due: "
            f"advance the clock first ({waits})"
        )


class NotVirtualError(MockError):
    """A real clock was told to move."""

    def __init__(self, tenant_id: str) -> None:
        super().__init__(
            f"Tenant {tenant_id} has a real clock: only a virtual one can be advanced; "
            'make the tenant with the clock "virtual"'
        )


class InvalidSettingsError(MockError):
    """Settings that someone handed in are wrong.

    Attributes:
        violations: every reason; each, as text, says where, what, and what was expected.
    """

    what = "The settings are wrong"

    def __init__(self, violations: Sequence[object]) -> None:
        super().__init__(f"{self.what}: " + "; ".join(map(str, violations)))
        self.violations = tuple(violations)


class InvalidFaultError(InvalidSettingsError):
    """A fault's settings are wrong."""

    what = "The fault is wrong"


class NotFoundError(MockError):
    """No tenant, workflow or run has that id."""

    def __init__(self, kind: str, identifier: str) -> None:
        super().__init__(f"There is no {kind} {identifier!r}")
        self.kind = kind


class UnknownFaultError(NotFoundError):
    """No fault of the tenant has that id."""

    def __init__(self, identifier: str) -> None:
        super().__init__("fault", identifier)


class WireFaultsOffError(MockError):
    """The fault breaks connections, and the server was not told that it may."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"The fault {kind!r} breaks connections: start serve with --wire-faults")


class BadCursorError(MockError):
    """A page's cursor was not made by this server, or was changed."""

    def __init__(self) -> None:
        super().__init__("The cursor is not one that this server gave out: use `next` unchanged")


class IncompleteJournalError(MockError):
    """The bounded store dropped rows that the question is about."""

    def __init__(self, tenant_id: str, first: str, last: str) -> None:
        super().__init__(
            f"The journal of tenant {tenant_id} dropped its rows from {first} to {last}: "
            "give serve a --store on disk, or a larger memory_rows"
        )


class PathFailedError(MockError):
    """A JSONPath cannot be evaluated on an event: it is nested too deeply, or too much work."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be evaluated: {reason}")


class TooMuchWorkError(MockError):
    """JSONPaths ask for more work than one event is worth; the message says of what."""


class StoreFailedError(MockError):
    """The database cannot be opened, or refused to write; what was staged is kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The journal's store failed: {reason}")


class CallFailedError(MockError):
    """A web_service task's call did not succeed."""
