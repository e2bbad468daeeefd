"""What crosses the wire between the sender and Qualtrics, and the judge of it.

Public here: :func:`validate`, which says everything that is wrong with a value, the
:class:`Violation` it answers with, and ``__version__``. A running mock is driven by
:mod:`contracts.control_client` and started by :mod:`contracts.mock_process`. Not here: anything
that exports or serves. All of it is loaded when it is first used, so that importing ``contracts``
costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.validation import Violation, validate

__all__ = ["CONTROL_PATH", "Violation", "__version__", "validate"]

__version__ = "0.1.0"

CONTROL_PATH = "/__control/v1"
"""Where a mock has its control API, under the mock's own address."""


def __getattr__(name: str) -> object:
    if name in {"Violation", "validate"}:
        return getattr(import_module("contracts.validation"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
