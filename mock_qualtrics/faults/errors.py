"""What asking for faults raises, beside the package's own errors.

::

    MockError
    ├── InvalidSettings
    │   └── InvalidFaultError     what was asked for is no fault; says every way in which it is not
    ├── NotFound
    │   └── UnknownFaultError     the tenant has no fault of that id
    └── WireFaultsOffError        it breaks connections, and the server was not told it may
"""

from collections.abc import Iterable

from mock_qualtrics.errors import InvalidSettings, MockError, NotFound


class InvalidFaultError(InvalidSettings):
    """A mapping describes no fault; ``violations`` says every way in which it breaks the schema."""

    def __init__(self, violations: Iterable[object]) -> None:
        super().__init__("The fault", [str(violation) for violation in violations])


class UnknownFaultError(NotFound):
    """The tenant has no fault of that id."""

    def __init__(self, fault_id: str) -> None:
        super().__init__("fault", fault_id)


class WireFaultsOffError(MockError):
    """A fault breaks connections, and this server was not told that it may.

    Attributes:
        kind: the fault's kind.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(
            f'A fault of kind "{kind}" breaks connections: start the server with --wire-faults'
        )
