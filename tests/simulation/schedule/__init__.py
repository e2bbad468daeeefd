"""What a simulation follows: a setup, and what goes wrong; generated from a seed, and shrunk."""

from simulation.schedule.generating import generate
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
from simulation.schedule.rows import AUDIENCE, Export, Row
from simulation.schedule.setup import Limits, Setup, dataflow_document

__all__ = [
    "AUDIENCE",
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
    "generate",
    "name_of",
    "point_name",
]
