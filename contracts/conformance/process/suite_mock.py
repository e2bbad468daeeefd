"""The mock that scenarios run against: a process of its own, with all that they need."""

import os
import sys
from typing import Final

from contracts.mock_process import COMMAND, MockProcess, start_mock

MOCK_FLAGS: Final = (
    *("--wire-faults", "--store", "memory", "--memory-megabytes", "1024"),
    # A refused message is judged too, so all of the largest one (110,000) is kept.
    *("--kept-body-bytes", "200000"),
)
OURS: Final = "MOCK_QUALTRICS_"
"""Of these variables of the mock none counts here, such as a control token for another one."""
_BOUND: Final = """
import ctypes, os, runpy, shutil, signal, sys
PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
parent, folder = int(sys.argv.pop(1)), os.getcwd()
try:
    if os.getppid() != parent:
        sys.exit("what started the mock has ended")
    runpy.run_module("mock_qualtrics", run_name="__main__", alter_sys=True)
finally:
    if os.getppid() != parent:  # nobody else removes the temporary folder
        shutil.rmtree(folder, ignore_errors=True)
"""


def start_suite_mock() -> MockProcess:
    """Start the mock; a context manager that stops it.

    On Linux it ends with this process, however that ends, by SIGKILL too, and removes its temporary
    folder then.

    Raises:
        MockStartError: it did not start.
    """
    outside = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return start_mock(*MOCK_FLAGS, command=_command(), environment=outside)


def _command() -> tuple[str, ...]:
    if not sys.platform.startswith("linux"):
        return COMMAND
    return sys.executable, "-c", _BOUND, str(os.getpid())
