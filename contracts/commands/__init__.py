"""One module for each subcommand of ``qualtrics-contracts``, with what only it uses."""
