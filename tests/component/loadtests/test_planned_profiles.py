"""What a plan counts in profiles files is what the real export sends, and it changes nothing."""

import dataclasses
import gzip
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from loadtests.cli import main
from sender import LOSSLESS, Dataflow, Exporter
from sender.clock import RealClock
from sender.outbox import Outbox
from sender.transport.base import Completed
from sender.transport.outcomes import Answered
from support.stored_messages import filled

DATAFLOW = """
name = "Survey"
url = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x"
username = "dave@example.com#brand"
[[attributes]]
source = "firstName"
target = "firstName"
[[identities]]
source = "Email"
target = "email"
[[audiences]]
id = "vip"
"""
PAYLOAD_BYTES = 102_400  # Q-LIM-3
AT_ONCE = dataclasses.replace(LOSSLESS, calls_per_minute=None)


class Accepting:
    """A transport to a destination that accepts every message at once."""

    slots = 4

    def __init__(self) -> None:
        self.sent = []

    def submit(self, message):
        self.sent.append(message)

    def completed(self, timeout_seconds):
        ended, self.sent = self.sent, []
        return [Completed(message, Answered(202), 0.0) for message in ended]

    def close(self):
        self.sent.clear()


def profile(number: int, **values: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "_id": str(number),
        "firstName": "Dave",
        "identityMap": {"Email": [{"id": f"person{number}@example.com"}]},
        "segmentMembership": {"ups": {"vip": {"status": "realized"}}},
        **values,
    }


def of_all_kinds() -> list[dict[str, Any]]:
    """Return profiles of which each is exported, excluded or too large for a reason of its own."""
    return [
        *(profile(number) for number in range(300)),  # more than one batch
        profile(7),  # the same once more
        profile(8, firstName="Dora"),  # changed
        profile(400, identityMap={"ECID": [{"id": "1"}]}),
        profile(401, identityMap={"Email": [{"id": "a" * 64}]}),
        profile(402, segmentMembership={"ups": {"vip": {"status": "exited"}}}),
        profile(403, firstName="x" * PAYLOAD_BYTES),
        profile(404),
    ]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    for name in ("QUALTRICS_URL", "QUALTRICS_USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    Path("d.toml").write_text(DATAFLOW)
    return tmp_path


@pytest.fixture
def plan(folder):
    def run(*words: str, given: bytes = b"") -> Result:
        words = ("plan", "--dataflow", "d.toml", "--arrival-rate", "1000", *words, "--json")
        return CliRunner().invoke(main, words, input=given)

    return run


def write(path: Path, profiles: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(each) + "\n" for each in profiles))


def exported(path: Path, profiles: list[dict[str, Any]]) -> dict[str, Any]:
    """Export for real, to a destination that takes all."""
    flow, clock = Dataflow.from_toml("d.toml"), RealClock()
    settings = {"token": "T", "outbox": path, "transport": Accepting(), "clock": clock}
    with Exporter(flow, policy=AT_ONCE, **settings) as exporter:
        return exporter.export(profiles).to_mapping()


def balance(report: dict[str, Any]) -> tuple[int, int, dict[str, int]]:
    by_reason = {each["reason"]: each["count"] for each in report["excluded"]}
    return report["profilesReceived"], report["messages"]["activated"], by_reason


def test_a_first_activation_is_what_the_export_then_does(plan, folder):
    write(folder / "p.jsonl", of_all_kinds())
    shown = plan("p.jsonl")
    found = json.loads(shown.stdout)
    report = exported(folder / "o.sqlite", of_all_kinds())
    assert shown.exit_code == 0
    assert (found["profiles"], found["messages"], found["excludedByReason"]) == balance(report)
    assert found["excluded"] == 4
    assert found["profiles"] == found["messages"] + found["excluded"]
    assert (found["oversized"], found["droppedByCode"]) == (1, {"413": 1})


def test_with_an_outbox_only_what_changed_is_sent_and_the_outbox_is_only_read(plan, folder):
    exported(folder / "o.sqlite", of_all_kinds())
    before = (folder / "o.sqlite").read_bytes()
    now = [profile(1), profile(2, firstName="Dora"), profile(500), profile(500)]
    write(folder / "p.jsonl", now)
    found = json.loads(plan("p.jsonl", "--outbox", "o.sqlite").stdout)
    assert (folder / "o.sqlite").read_bytes() == before
    assert (found["profiles"], found["messages"], found["excludedByReason"]) == (
        4,
        2,
        {"nothing changed since the last export": 2},
    )
    assert balance(exported(folder / "o.sqlite", now)) == (4, 2, found["excludedByReason"])


def test_an_outbox_in_use_can_be_read(plan, folder):
    write(folder / "p.jsonl", of_all_kinds())
    with Outbox(folder / "o.sqlite"):
        assert plan("p.jsonl", "--outbox", "o.sqlite").exit_code == 0


def test_messages_that_wait_in_the_outbox_are_told(plan, folder):
    write(folder / "p.jsonl", [profile(1)])
    with Outbox(folder / "o.sqlite") as outbox:
        filled(outbox, 2)
    shown = CliRunner().invoke(
        main, ["plan", "--dataflow", "d.toml", "p.jsonl", "--outbox", "o.sqlite"]
    )
    assert "2 messages of earlier exports wait in the outbox" in shown.stdout


def test_a_broken_row_is_told_and_makes_the_exit_code_1(plan, folder):
    lines = [json.dumps(profile(1)), "nonsense", json.dumps(profile(2))]
    (folder / "p.jsonl").write_text("\n".join(lines) + "\n")
    shown = plan("p.jsonl")
    found = json.loads(shown.stdout)
    assert (shown.exit_code, found["broken"], found["messages"]) == (1, 1, 2)
    assert "broken row: p.jsonl:2: not JSON" in shown.stderr


TEXT = "".join(json.dumps(profile(number)) + "\n" for number in range(20)).encode()
ROWS = b"identityMap.Email,segmentMembership.ups.vip,firstName\n" + b"".join(
    b"person%d@example.com,realized,Dave\n" % number for number in range(20)
)
CUT = {
    "p.jsonl": TEXT[:-30],
    "p.csv": ROWS[:-12],
    "quoted.csv": ROWS + b'"person',
    "p.jsonl.gz": gzip.compress(TEXT)[:-20],
    "whole.jsonl.gz": gzip.compress(TEXT[:-30]),
    "p.json": b"[" + TEXT.rstrip().replace(b"\n", b",") + b",",
    "p.parquet": b"PAR1" + b"\0" * 100,
}


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("is_last", [True, False])
def test_a_file_that_ends_in_the_middle_is_one_error_and_nothing_is_computed(
    plan, folder, name, is_last
):
    (folder / name).write_bytes(CUT[name])
    (folder / "other.jsonl").write_bytes(TEXT)
    names = ("other.jsonl", name) if is_last else (name, "other.jsonl")
    shown = plan(*names)
    assert (shown.exit_code, shown.stdout) == (2, "")
    (error,) = [line for line in shown.stderr.splitlines() if not line.startswith("warning: ")]
    assert error.startswith(f"error: {name}:")


@pytest.mark.parametrize(("name", "form"), [("p.jsonl", "jsonl"), ("p.csv", "csv")])
def test_standard_input_that_ends_in_the_middle_is_one_error_too(plan, name, form):
    shown = plan("-", "--format", form, given=CUT[name])
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "the text ends in the middle of this row" in shown.stderr


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_whole_last_row_is_no_cut_however_its_line_ends(plan, folder, ending):
    (folder / "p.jsonl").write_bytes(TEXT.rstrip() + ending.encode())
    assert plan("p.jsonl").exit_code == 0


def parquet_file(last_status: str) -> bytes:
    table = pa.table(
        {
            "identityMap.Email": ["person1@example.com", "person2@example.com"],
            "segmentMembership.ups.vip": ["realized", last_status],
            "firstName": ["Dave", "Dora"],
        }
    )
    written = io.BytesIO()
    pq.write_table(table, written)
    return written.getvalue()


WHOLE = {
    "p.json": b"[" + TEXT.rstrip().replace(b"\n", b",") + b", 5]",
    "p.parquet": parquet_file(last_status="perhaps"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_broken_last_row_of_a_form_without_lines_is_no_cut(plan, folder, name):
    (folder / name).write_bytes(WHOLE[name])
    shown = plan(name)
    assert (shown.exit_code, json.loads(shown.stdout)["broken"]) == (1, 1)


@pytest.mark.parametrize("content", ["", "\n"])
def test_files_without_a_profile_are_an_error(plan, folder, content):
    (folder / "p.jsonl").write_text(content)
    shown = plan("p.jsonl")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "error: p.jsonl: found no profile, expected at least one" in shown.stderr


def test_all_excluded_is_a_forecast_of_nothing(plan, folder):
    write(folder / "p.jsonl", [profile(1, identityMap={})])
    found = json.loads(plan("p.jsonl").stdout)
    assert (found["profiles"], found["excluded"], found["messages"]) == (1, 1, 0)
    assert (found["lossShare"], found["finishedAtSeconds"]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("missing.jsonl",), "error: missing.jsonl: No such file"),
        (("p.jsonl", "--outbox", "missing.sqlite"), "error: missing.sqlite: no such outbox"),
        (("p.jsonl", "--where", "nobody"), "error: --where: no profile is exported for 'nobody'"),
        (("p.jsonl", "--format", "parquet"), "error: p.jsonl: "),
    ],
)
def test_what_cannot_be_used_is_an_error(plan, folder, words, error):
    write(folder / "p.jsonl", [profile(1)])
    shown = plan(*words)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert error in shown.stderr


def test_a_file_that_is_no_outbox_is_an_error(plan, folder):
    write(folder / "p.jsonl", [profile(1)])
    with sqlite3.connect(folder / "o.sqlite") as other:
        other.execute("CREATE TABLE something (else_ TEXT)")
    assert plan("p.jsonl", "--outbox", "o.sqlite").exit_code == 2


def test_wrong_options_are_told_before_files_are_read(plan, folder):
    shown = plan("missing.jsonl", "--limit-per-minute", "0")
    assert shown.exit_code == 2
    assert "--limit-per-minute: found 0" in shown.stderr
    assert "missing.jsonl" not in shown.stderr


def test_a_dataflow_that_exports_no_restated_value_says_so(plan, folder):
    write(folder / "p.jsonl", [profile(number) for number in range(10)])
    again = ("p.jsonl", "--days", "3", "--restated-daily", "0.5")
    assert json.loads(plan(*again).stdout)["messages"] == 20
    with Path("d.toml").open("a") as file:
        file.write("[activation]\nattribute_changes = false\n")
    shown = plan(*again)
    assert json.loads(shown.stdout)["messages"] == 10
    assert "note: the dataflow exports no restated value" in shown.stderr


def test_where_takes_only_the_members_of_an_audience(plan, folder):
    write(folder / "p.jsonl", [profile(1), profile(2, segmentMembership={})])
    assert json.loads(plan("p.jsonl", "--where", "vip").stdout)["profiles"] == 1


def test_standard_input_is_read_too(folder):
    words = ["plan", "--dataflow", "d.toml", "-", "--arrival-rate", "1", "--json"]
    shown = CliRunner().invoke(main, words, input=TEXT)
    assert json.loads(shown.stdout)["messages"] == 20
