"""Looking at a destination without exporting: check, test messages, reconciliation."""
