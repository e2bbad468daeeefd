"""The mock that scenarios run against: a process of its own, with all that they need."""

import os
from typing import Final

from contracts.mock_process import MockProcess, start_mock

MOCK_FLAGS: Final = (
    *("--wire-faults", "--store", "memory", "--memory-megabytes", "1024"),
    # A refused message is judged too, so all of the largest one (110,000) is kept.
    *("--kept-body-bytes", "200000"),
)
OURS: Final = "MOCK_QUALTRICS_"
"""Of these variables of the mock none counts here, such as a control token for another one."""


def start_suite_mock() -> MockProcess:
    """Start the mock; a context manager that stops it.

    Raises:
        MockStartError: it did not start.
    """
    outside = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return start_mock(*MOCK_FLAGS, environment=outside)
