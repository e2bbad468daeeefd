"""Adobe Experience Platform's side: profiles in, exported messages out.

from sender import Dataflow, Exporter, LOSSLESS
report = Exporter(Dataflow.from_toml("dataflow.toml"), policy=LOSSLESS).export(profiles)

The events of an export are in ``sender.events``. Its Prometheus metrics are in ``sender.metrics``
and need the extra ``prometheus``. Public names are imported on first use, so that a command
imports only what it needs.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "ADOBE_BEST_EFFORT": "sender.policies",
    "ADOBE_CONFIGURABLE": "sender.policies",
    "LOSSLESS": "sender.policies",
    "Dataflow": "sender.dataflow",
    "Exporter": "sender.exporter",
    "Report": "sender.reporting.report",
    "RetryPolicy": "sender.policies",
}
_ERRORS = "sender.errors"  # where the other names are


def __getattr__(name: str) -> Any:  # noqa: ANN401  any public object
    """Import a public name when it is first used.

    Raises:
        AttributeError: the package has no such name.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415  nothing else here needs it

    if name == "events":
        return importlib.import_module("sender.events")
    return getattr(importlib.import_module(_HOMES.get(name, _ERRORS)), name)
