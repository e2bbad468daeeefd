"""How a session of these tests is started makes no difference to them: by nohup, or behind `&`."""

import os
import subprocess
import sys
from pathlib import Path

from support.inherited_signals import SIGNALS

TESTS = Path(__file__).parents[1]
# It sends each signal to itself, which it outlives, and has a process that it starts do the same.
SESSION = """
import os, subprocess
from support.inherited_signals import SIGNALS, keep_ignored_signals_here

keep_ignored_signals_here()
for number in SIGNALS:
    os.kill(os.getpid(), number)
    print(number.name, subprocess.run(["sh", "-c", f"kill -{number} $$"]).returncode)
"""


def test_what_is_ignored_from_the_start_stays_so_but_is_not_handed_on():
    names = " ".join(number.name.removeprefix("SIG") for number in SIGNALS)
    done = subprocess.run(
        ["sh", "-c", f"trap '' {names}; exec \"$@\"", "sh", sys.executable, "-c", SESSION],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    ended = dict(line.split() for line in done.stdout.splitlines())
    deadly = {number.name: str(-number) for number in SIGNALS}
    assert ended == {**deadly, "SIGCHLD": "0"}  # whose default is to do nothing
