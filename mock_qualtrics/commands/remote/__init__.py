"""The commands that ask a running mock, through its control API alone."""
