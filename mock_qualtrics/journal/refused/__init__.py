"""Rows that the store refuses: those that wait for it, and those that are set aside for good."""
