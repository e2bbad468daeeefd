"""``python -m contracts``: the command ``qualtrics-contracts``."""

from qualtrics_commands import contracts

contracts()
