"""The agreement between the sender and Qualtrics: JSON Schemas, and validation against them.

The public API here is :func:`validate`, which returns all problems of a value, its result type
:class:`Violation`, and ``__version__``. :mod:`contracts.mock_process` starts a mock, and
:mod:`contracts.control_client` calls its control API. This package neither exports nor serves.

``validate`` and ``Violation`` are imported on first use, so that importing ``contracts`` is cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.validation import Violation, validate

__all__ = ["CONTROL_PATH", "Violation", "__version__", "validate"]

__version__ = "0.1.0"

CONTROL_PATH = "/__control/v1"
"""The path of the control API, under a mock's address."""


def __getattr__(name: str) -> object:
    if name in {"Violation", "validate"}:
        return getattr(import_module("contracts.validation"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
