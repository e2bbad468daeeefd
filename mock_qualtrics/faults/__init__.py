"""What goes wrong on purpose, when, and what it does to a call. Pure.

Faults choose and describe; the engine and the server carry them out. Importing this package
registers every kind.
"""

from mock_qualtrics.faults import answer_faults, connection_faults, run_faults
from mock_qualtrics.faults.effects import (
    KINDS,
    NO_EFFECT,
    ConnectionFault,
    Fault,
    FaultEffect,
    Kind,
)
from mock_qualtrics.faults.fault_set import Counts, FaultSet

__all__ = [
    "KINDS",
    "NO_EFFECT",
    "ConnectionFault",
    "Counts",
    "Fault",
    "FaultEffect",
    "FaultSet",
    "Kind",
    "answer_faults",
    "connection_faults",
    "run_faults",
]
