"""Everything that asking for faults raises.

::

    MockError
    └── FaultError
        ├── InvalidFaultError     what was asked for is no fault; says every way in which it is not
        ├── UnknownFaultError     there is no fault of that id
        └── WireFaultsOffError    it breaks connections, and the server was not told it may
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mock_qualtrics.errors import MockError

if TYPE_CHECKING:
    from contracts.violations import Violation


class FaultError(MockError):
    """The root: catch it to catch all that is raised about faults on purpose."""


class InvalidFaultError(FaultError):
    """A mapping describes no fault.

    Attributes:
        violations: every way in which it breaks the schema ``fault``; never empty.
    """

    def __init__(self, violations: Sequence["Violation"]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(str(violation) for violation in self.violations))


class UnknownFaultError(FaultError):
    """There is no fault of that id in the tenant.

    Attributes:
        fault_id: the id that was asked for.
    """

    def __init__(self, fault_id: str) -> None:
        self.fault_id = fault_id
        super().__init__(f'the tenant has no fault "{fault_id}"')


class WireFaultsOffError(FaultError):
    """A fault breaks connections, and this server was not told that it may.

    Attributes:
        kind: the fault's kind.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(
            f'a fault of kind "{kind}" breaks connections: start the server with --wire-faults'
        )
