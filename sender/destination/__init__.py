"""Checking a destination without exporting: check, test messages, reconciliation."""
