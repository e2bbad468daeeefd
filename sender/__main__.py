"""``python -m sender``: the command ``qualtrics-sender``."""

from qualtrics_commands import sender

sender()
