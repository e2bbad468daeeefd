"""The subcommands of ``mock-qualtrics``, one module for each, and what they share."""
