"""``python -m contracts``: the command ``qualtrics-contracts``."""

from qualtrics_commands import contracts

if __name__ == "__main__":
    contracts()
