"""``python -m loadtests``: the command ``qualtrics-load``."""

from qualtrics_commands import load

if __name__ == "__main__":
    load()
