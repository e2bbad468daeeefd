"""Adobe Experience Platform's side: profiles in, exported messages out.

from sender import Dataflow, Exporter, LOSSLESS
report = Exporter(Dataflow.from_toml("dataflow.toml"), policy=LOSSLESS).export(profiles)

The events of an export are in ``sender.events``. Its Prometheus metrics are in ``sender.metrics``
and need the extra ``prometheus``.
"""

from sender import events
from sender.dataflow import Dataflow
from sender.errors import (
    ConfigurationError,
    DataflowError,
    DeliveryError,
    ExportStoppedError,
    MissingExtraError,
    MissingTokenError,
    OutboxInUseError,
    SenderError,
    SourceChangedError,
)
from sender.exporter import Exporter
from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, LOSSLESS, RetryPolicy
from sender.reporting.report import Report

__all__ = [
    "ADOBE_BEST_EFFORT",
    "ADOBE_CONFIGURABLE",
    "LOSSLESS",
    "ConfigurationError",
    "Dataflow",
    "DataflowError",
    "DeliveryError",
    "ExportStoppedError",
    "Exporter",
    "MissingExtraError",
    "MissingTokenError",
    "OutboxInUseError",
    "Report",
    "RetryPolicy",
    "SenderError",
    "SourceChangedError",
    "events",
]
