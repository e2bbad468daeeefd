"""The command ``exec``: another command beside a mock of its own."""
