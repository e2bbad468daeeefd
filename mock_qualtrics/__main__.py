"""``python -m mock_qualtrics``: the command ``mock-qualtrics``."""

from qualtrics_commands import mock

if __name__ == "__main__":
    mock()
