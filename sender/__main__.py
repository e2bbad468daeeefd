"""``python -m sender``: the command ``qualtrics-sender``."""

from qualtrics_commands import sender

if __name__ == "__main__":
    sender()
