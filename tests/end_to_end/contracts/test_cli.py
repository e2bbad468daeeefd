"""The command qualtrics-contracts as a process."""

import json
import subprocess
import sys


def test_a_terminal_that_lacks_characters_gets_escapes_and_no_traceback():
    command = "from qualtrics_commands import contracts; contracts()"
    document = json.dumps({"clock": "…\ud800", "dave@example.com": "x" * 200})
    result = subprocess.run(
        [sys.executable, "-c", command, "validate", "tenant-settings", "-"],
        input=document.encode(),
        env={"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert result.returncode == 1
    assert b"\\u2026\\ud800" in result.stdout
    assert b"$['***']" in result.stdout
    assert b"Traceback" not in result.stderr
