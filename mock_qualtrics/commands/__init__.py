"""One module a subcommand, named as the command."""
