"""What a simulation follows: a setup, and what goes wrong; generated from a seed, and shrunk."""

from simulation.schedule.happenings import (
    KINDS,
    POINTS,
    SIDES,
    AnswersLost,
    ClockStepped,
    Crash,
    DiskFull,
    Happening,
    MockFault,
    NetworkSlow,
    OtherClient,
    SenderStopped,
    TokenReplaced,
    WorkflowEdited,
    name_of,
    point_name,
)
from simulation.schedule.model import Result, Schedule, Violation
from simulation.schedule.setup import Export, Limits, Row, Setup, dataflow_document

__all__ = [
    "KINDS",
    "POINTS",
    "SIDES",
    "AnswersLost",
    "ClockStepped",
    "Crash",
    "DiskFull",
    "Export",
    "Happening",
    "Limits",
    "MockFault",
    "NetworkSlow",
    "OtherClient",
    "Result",
    "Row",
    "Schedule",
    "SenderStopped",
    "Setup",
    "TokenReplaced",
    "Violation",
    "WorkflowEdited",
    "dataflow_document",
    "name_of",
    "point_name",
]
