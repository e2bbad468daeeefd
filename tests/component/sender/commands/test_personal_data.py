"""What SECURITY.md says of the sender: personal data is in the outbox and nowhere else."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mock_qualtrics.testing import Qualtrics
from sender.cli import main

DATAFLOW = """
name = "Survey"
url = "{url}"
username = "{username}"
attributes = [{{ source = "firstName", target = "firstName" }}]
identities = [{{ source = "Email", target = "email" }}]
"""
NAME, ADDRESS, ID = "Zebedee", "zebra@example.com", "zeta-7"


@pytest.fixture
def folder(tmp_path: Path, qualtrics: Qualtrics, patient_sender, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUALTRICS_API_TOKEN", qualtrics.api_token)
    text = DATAFLOW.format(url=qualtrics.trigger_url, username=qualtrics.username)
    (tmp_path / "d.toml").write_text(text, "utf-8")
    rows = [
        {"_id": ID, "firstName": NAME, "identityMap": {"Email": [{"id": ADDRESS}]}},
        {"_id": ID + "8", "firstName": [NAME], "identityMap": {"Email": [{"id": ADDRESS}]}},
        {"_id": ID + "9", "firstName": NAME, "identityMap": {"Email": ADDRESS}},
        {"_id": ID + "0", "firstName": NAME, "identityMap": {"Email": [{"id": "0" * 32}]}},
        NAME,
    ]
    lines = [json.dumps(row) for row in rows] + ['{"firstName": "' + NAME]
    (tmp_path / "p.jsonl").write_text("\n".join(lines), "utf-8")
    return tmp_path


@pytest.mark.parametrize("status", [None, 500, 413])
def test_logs_and_reports_hold_nothing_of_a_profile(folder, qualtrics, status):
    if status is not None:
        qualtrics.faults.add("status", when={"first": 1}, status=status)
    arguments = "export -v --dataflow d.toml p.jsonl --calls-per-minute unlimited --workers 1"
    files = "--report r.json --html r.html --outbox o.sqlite"
    done = CliRunner().invoke(main, f"{arguments} {files}")
    assert done.exit_code == 1, done.output  # for the rows that cannot be read
    texts = [done.output, (folder / "r.json").read_text("utf-8")]
    texts.append((folder / "r.html").read_text("utf-8"))
    for text in texts:
        assert not [value for value in (NAME, ADDRESS, ID) if value in text], text
    outbox = b"".join(path.read_bytes() for path in folder.glob("o.sqlite*"))
    assert (NAME.encode() in outbox) == (status == 413), "kept for `replay` once it has failed"
