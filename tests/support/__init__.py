"""What tests of several folders use: one way to start a mock, to ask it, and to wait.

Importable as ``support`` because ``tests`` is on pytest's ``pythonpath``: test folders are no
packages, and a package of this name cannot be taken for somebody else's ``tests``.
"""

from support.mock import RunningMock, start_mock
from support.waiting import until

__all__ = ["RunningMock", "start_mock", "until"]
