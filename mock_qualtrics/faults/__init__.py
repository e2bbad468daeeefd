"""Faults: which calls they apply to, and what they do to a call. Pure.

Faults choose calls and describe effects; the engine and the server carry the effects out. Importing
this package registers every kind.
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
