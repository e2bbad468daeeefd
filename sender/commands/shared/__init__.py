"""What several commands share: options, selection, sending, console, errors and exit codes."""
