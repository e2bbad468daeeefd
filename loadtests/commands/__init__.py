"""The subcommands of ``qualtrics-load``, and what only they use."""
