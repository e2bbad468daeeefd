"""``mock-qualtrics exec`` as a process: the command's streams are its own, and nothing is left."""

import signal
import subprocess
import sys
from urllib.parse import urlsplit

import requests

from support import until

EXEC = (sys.executable, "-m", "mock_qualtrics", "exec")


def test_sigterm_ends_the_command_and_the_mock(tmp_path):
    script = f'cat; echo "$QUALTRICS_URL" > {tmp_path}/url; trap "" TERM; while :; do sleep 1; done'
    process = subprocess.Popen(
        [*EXEC, "--stop-seconds", "0.2", "--", "sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(b"what is piped in\n")
    process.stdin.close()
    file = tmp_path / "url"
    until(lambda: file.exists() and file.read_text().endswith("\n"))
    url = file.read_text().strip()
    assert requests.post(url, json={}, timeout=60).status_code == 400
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGKILL
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        # Its end is reached: nobody is left who could write.
        assert process.stdout.read() == b"what is piped in\n"
        said = process.stderr.read().decode().splitlines()
    assert said[0] == "mock-qualtrics: the command did not end within 0.2 s of SIGTERM: killed"
    assert said[1].startswith("mock-qualtrics: 1 call came in: 0 accepted, 1 refused")
    assert said[1].endswith("The command ended with exit code 137 (SIGKILL).")
    assert is_free(urlsplit(url).port)


def is_free(port: int | None) -> bool:
    try:
        requests.get(f"http://127.0.0.1:{port}", timeout=60)
    except requests.ConnectionError:
        return True
    return False
