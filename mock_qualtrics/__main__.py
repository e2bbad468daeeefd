"""``python -m mock_qualtrics``: the command ``mock-qualtrics``."""

from mock_qualtrics.cli import main

main(prog_name="mock-qualtrics")
