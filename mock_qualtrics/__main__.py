"""``python -m mock_qualtrics``: the command ``mock-qualtrics``."""

from qualtrics_commands import mock

mock()
