"""Faults: what goes wrong on purpose, when, and what it does to a call.

Pure: they choose and describe; the engine and ``connection`` carry out. One kind, one module, one
registration; importing this package registers them all.
"""

from mock_qualtrics.faults import (
    dribble,
    hang,
    latency,
    lower_limit,
    not_json,
    reset_after_journal,
    reset_before_read,
    run_failed,
    run_twice,
    status,
    truncate,
    wrong_length,
)
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
    "dribble",
    "hang",
    "latency",
    "lower_limit",
    "not_json",
    "reset_after_journal",
    "reset_before_read",
    "run_failed",
    "run_twice",
    "status",
    "truncate",
    "wrong_length",
]
