"""Code shared by the commands: options, selection, sending, console, errors and exit codes."""
