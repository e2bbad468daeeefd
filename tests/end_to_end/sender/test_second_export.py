"""What a second export of the same file says."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "tests" / "data" / "destination-page"


def test_a_second_export_says_why_it_sends_nothing(command, qualtrics, tmp_path) -> None:
    words = [command("qualtrics-sender"), "export", "--outbox", str(tmp_path / "outbox.sqlite")]
    words += ["--url", qualtrics.trigger_url, "--username", qualtrics.username]
    words += ["--dataflow", str(SAMPLE / "dataflow.toml"), str(SAMPLE / "profiles.jsonl")]
    said = [
        subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
            env={"QUALTRICS_API_TOKEN": qualtrics.api_token, "PATH": ""},
        ).stderr
        for _ in range(2)
    ]
    assert ["knows these profiles as exported" in text for text in said] == [False, True]
    assert qualtrics.totals().accepted == 1
