"""The subcommands of ``qualtrics-sender``: options, printing and exit codes, nothing else."""
