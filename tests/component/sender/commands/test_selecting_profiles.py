"""The commands that read profiles and look at a dataflow: their options, words and exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from mock_qualtrics.testing import Qualtrics
from sender.cli import main
from sender.errors import ConfigurationError

DATAFLOW = """
name = "Survey"
url = "{url}"
username = "{username}"
attributes = [{{ source = "firstName", target = "firstName" }}]
identities = [{{ source = "Email", target = "email" }}]
"""
CSV_HEADER = "_id,firstName,identityMap.Email\n"
CSV = CSV_HEADER + "".join(f"p{number},Dave,p{number}@example.com\n" for number in range(3))
FAST = ("--calls-per-minute", "unlimited", "--json")

Run = Callable[..., Result]


@pytest.fixture
def folder(
    tmp_path: Path,
    qualtrics: Qualtrics,
    patient_sender: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("QUALTRICS_URL", "QUALTRICS_USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QUALTRICS_API_TOKEN", qualtrics.api_token)
    text = DATAFLOW.format(url=qualtrics.trigger_url, username=qualtrics.username)
    (tmp_path / "d.toml").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def run(command: str, *more: str, stdin: str | None = None, dataflow: str = "d.toml") -> Result:
        arguments = [command, "--dataflow", dataflow, *more]
        return CliRunner().invoke(main, arguments, input=stdin)

    return run


def report(shown: Result) -> dict[str, Any]:
    return json.loads(shown.stdout)


@pytest.mark.parametrize("command", ["preview", "export"])
def test_profiles_are_read_as_the_format_that_is_named(
    run: Run, folder: Path, command: str
) -> None:
    (folder / "people.txt").write_text(CSV, "utf-8")
    assert run(command, "people.txt").exit_code == 2
    for source, stdin in (("people.txt", None), ("-", CSV)):
        shown = run(command, source, "--format", "csv", "--limit", "2", stdin=stdin)
        assert shown.exit_code == 0, shown.output


def test_resume_reads_with_the_delimiter_of_the_export(
    run: Run, folder: Path, qualtrics: Qualtrics
) -> None:
    rows = [f"p{number};Dave;p{number}@example.com\n" for number in range(300)]
    text = CSV_HEADER.replace(",", ";") + "".join(rows)
    (folder / "p.csv").write_text(text, "utf-8")
    refused = run("export", "p.csv")
    assert refused.exit_code == 2
    assert "error: p.csv: found ';' between the columns, expected ','" in refused.stderr
    qualtrics.faults.add("status", when={"first": 1}, status=401)
    assert run("export", "p.csv", "--delimiter", ";", "--workers", "1", *FAST).exit_code == 1
    resumed = CliRunner().invoke(main, ["resume", "--outbox", "d.outbox.sqlite", *FAST])
    assert resumed.exit_code == 0, resumed.output
    assert report(resumed)["identitiesActivated"] == 300


def test_piped_csv_without_its_format_is_told_what_it_lacks(run: Run) -> None:
    shown = run("preview", "-", stdin=CSV)
    assert shown.exit_code == 1
    hint = "it looks like CSV, which is read with --format csv"
    assert f"broken row: -:1: not JSON: Expecting value at character 1; {hint}\n" in shown.stderr
    assert "not read: -:1: no profile can be read: all 4 rows are broken; line 1" in shown.stderr
    assert shown.stderr.count(hint) == 2


def test_a_csv_named_as_json_lines_is_one_error_before_anything_is_sent(
    run: Run, folder: Path, qualtrics: Qualtrics
) -> None:
    (folder / "wrong.jsonl").write_text(CSV)
    for command in ("preview", "export"):
        shown = run(command, "wrong.jsonl")
        assert shown.exit_code == 2
        (error,) = [line for line in shown.stderr.splitlines() if line.startswith("error: ")]
        assert error.startswith("error: wrong.jsonl: no profile can be read: all 4 rows are broken")
        assert error.endswith(
            "line 1: not JSON: Expecting value at character 1; it looks like CSV, "
            "which is read with --format csv"
        )
    assert qualtrics.requests() == []
    assert list(folder.glob("*.sqlite")) == []


def test_a_piped_source_of_broken_rows_only_does_not_end_as_completed(run: Run) -> None:
    shown = run("export", "-", *FAST, stdin=CSV)
    assert shown.exit_code == 1
    assert report(shown)["status"] == "Failed"
    assert report(shown)["brokenRows"] == 4
    assert "no profile can be read: all 4 rows" in report(shown)["stoppedBecause"]


def test_resume_reads_a_source_as_the_export_read_it(
    run: Run, folder: Path, qualtrics: Qualtrics
) -> None:
    rows = [f"p{number},Dave,p{number}@example.com\n" for number in range(300)]
    (folder / "people.txt").write_text(CSV_HEADER + "".join(rows), "utf-8")
    qualtrics.faults.add("status", when={"first": 1}, status=401)
    stopped = run("export", "people.txt", "--format", "csv", "--workers", "1", *FAST)
    assert stopped.exit_code == 1
    resumed = CliRunner().invoke(main, ["resume", "--outbox", "d.outbox.sqlite", *FAST])
    assert resumed.exit_code == 0, resumed.output
    assert report(resumed)["identitiesActivated"] == 300


def test_a_command_that_ends_early_leaves_no_file_open(folder: Path) -> None:
    from sender.commands.shared import selection  # noqa: PLC0415  only here

    (folder / "p.csv").write_text(CSV, "utf-8")
    selection = selection.Selection(["p.csv"], selection.Dataflow.from_toml("d.toml"))
    with click.Context(main):
        rows = iter(selection)
        next(rows)
    assert list(rows) == []
    assert selection.source.bytes_read == len(CSV)


def test_limit_and_audience_count_rows_only(run: Run, folder: Path) -> None:
    lines = []
    for number in range(6):
        status = "realized" if number % 2 else "exited"
        ups = {"vip": {"status": status}} if number else "odd"
        ids = {"Email": [{"id": f"p{number}@example.com"}]}
        lines.append(json.dumps({"identityMap": ids, "segmentMembership": {"ups": ups}}))
    chosen = ("--where", "vip", "--limit")
    for limit, count in (("0", 0), ("2", 2), ("9", 3)):
        shown = run("preview", "-", *chosen, limit, stdin="\n".join(lines))
        assert len(shown.stdout.splitlines()) == count


URL_PROBLEM = 'found "ftp://x/y", expected an absolute URL'


@pytest.mark.parametrize(
    ("name", "value", "option", "says"),
    [
        ("QUALTRICS_URL", "ftp://x/y", None, f"error: QUALTRICS_URL: {URL_PROBLEM}"),
        ("QUALTRICS_URL", "ftp://x/y", "ftp://x/y", f"error: --url: {URL_PROBLEM}"),
        ("QUALTRICS_USERNAME", "a:b", None, "error: QUALTRICS_USERNAME: found "),
        ("QUALTRICS_USERNAME", " a", None, "quotation marks; it has a blank"),
        ("QUALTRICS_USERNAME", "a:b", "c:d", "error: --username: found "),
    ],
)
def test_what_is_given_wrongly_is_blamed_on_where_it_was_given(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, option: str | None, says: str
) -> None:
    monkeypatch.setenv(name, value)
    given = [] if option is None else [f"--{name.rpartition('_')[2].lower()}", option]
    shown = run("check", *given)
    assert shown.exit_code == 2
    assert says in shown.stderr
    assert "$." not in shown.stderr
    assert "d.toml" not in shown.stderr


@pytest.mark.parametrize("token", ["PLACE\nHOLDER", "'PLACEHOLDER'", "PLACEHOLDER ", "\ufeffPLACE"])
@pytest.mark.parametrize("command", ["check", "export"])
def test_a_token_that_was_copied_carelessly_is_named_and_not_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch, token: str, command: str
) -> None:
    monkeypatch.setenv("QUALTRICS_API_TOKEN", token)
    shown = run(command, *(["p.jsonl"] if command == "export" else []))
    assert shown.exit_code == 2
    assert "error: QUALTRICS_API_TOKEN: found a " in shown.stderr
    assert "PLACE" not in shown.output


def test_a_credential_from_a_file_may_end_as_a_file_does(
    run: Run, monkeypatch: pytest.MonkeyPatch, qualtrics: Qualtrics
) -> None:
    monkeypatch.setenv("QUALTRICS_API_TOKEN", f"{qualtrics.api_token}\r\n")
    monkeypatch.setenv("QUALTRICS_USERNAME", f"{qualtrics.username}\n")
    monkeypatch.setenv("QUALTRICS_URL", f"{qualtrics.trigger_url}\n")
    assert run("check").exit_code == 0


def test_check_says_what_it_does_not_try(run: Run, qualtrics: Qualtrics) -> None:
    not_tried = report(run("check", "--json"))["notTried"]
    assert "the trigger itself (it would start a workflow)" in not_tried
    shown = run("check")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[-1] == f"not tried: {not_tried}"
    assert qualtrics.totals().received == 0


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (1, "1 message\n1 excluded: no mapped identity\n1 broken row\n"),
        (2, "2 messages\n2 excluded: no mapped identity\n2 broken rows\n"),
    ],
)
def test_a_preview_counts_in_words_that_fit_the_number(run: Run, rows: int, words: str) -> None:
    shown = run("preview", "-", "--format", "csv", stdin=CSV_HEADER + "p,a,b\n,,\nx\n" * rows)
    assert shown.stderr.endswith(words)


def test_a_preview_lists_broken_rows_up_to_a_bound(run: Run) -> None:
    shown = run("preview", "-", stdin="nonsense\n" * 30)
    assert shown.stderr.count("broken row: -:") == 20
    assert shown.stderr.endswith("30 broken rows\n")


@pytest.mark.parametrize("command", ["preview", "export"])
def test_a_column_that_is_only_misspelled_is_refused_unless_it_may_be(
    run: Run, command: str
) -> None:
    stdin = "_id,identityMap.Email,First name\n1,a,Ann\n"
    shown = run(command, "-", "--format", "csv", stdin=stdin)
    assert shown.exit_code == 2
    assert "error: -: no column for firstName: found _id, identityMap.Email, " in shown.stderr
    shown = run(command, "-", "--format", "csv", "--allow-missing-columns", stdin=stdin)
    assert shown.exit_code == 0
    warning = "warning: -: no column for the mapped 'firstName'; meant perhaps: First name"
    assert warning in shown.stderr


def test_a_column_that_an_earlier_export_had_may_not_be_missing(run: Run) -> None:
    with_name, without = CSV, "_id,identityMap.Email\np0,p0@example.com\n"
    csv = ("export", "-", "--format", "csv", *FAST)
    first = run(*csv, stdin=without)
    assert first.exit_code == 0
    assert "warning: -: no column for the mapped 'firstName'" in first.stderr
    assert run(*csv, stdin=with_name).exit_code == 0
    refused = run(*csv, stdin=without)
    assert refused.exit_code == 2
    assert "expected the columns that earlier exports had, or --allow-miss" in refused.stderr
    assert run(*csv, "--allow-missing-columns", stdin=without).exit_code == 0
    assert run(*csv, stdin=without).exit_code == 2, "taken once, it is still missing"


def test_a_dataflow_that_is_not_there_is_said_to_be_unreadable(run: Run) -> None:
    shown = run("check", dataflow="nope.toml")
    assert (shown.exit_code, shown.stderr) == (
        2,
        "error: nope.toml: cannot be read: No such file or directory\n",
    )


@pytest.mark.parametrize("command", ["check", "test-destination", "export"])
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_ca_bundle_that_is_not_there_is_named(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, variable: str
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setenv(variable, "no/such.pem")
    (folder / "p.csv").write_text(CSV, "utf-8")
    text = (folder / "d.toml").read_text("utf-8").replace("http:", "https:")
    (folder / "d.toml").write_text(text, "utf-8")
    shown = run(command, *(["p.csv"] if command == "export" else []))
    assert shown.exit_code == 2
    assert f"error: {variable}: no such file or folder: no/such.pem" in shown.stderr


def test_without_tls_no_ca_bundle_is_looked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "no/such.pem")
    assert run("check").exit_code == 0


@pytest.mark.parametrize("command", ["preview", "export"])
def test_an_audience_that_is_not_mapped_is_wrong_usage(
    run: Run, folder: Path, qualtrics: Qualtrics, command: str
) -> None:
    with (folder / "d.toml").open("a", encoding="utf-8") as file:
        file.write('audiences = [{ id = "vip" }, { id = "all" }]\n')
    (folder / "p.csv").write_text(CSV, "utf-8")
    shown = run(command, "p.csv", "--where", "vpi")
    assert shown.exit_code == 2
    assert "'vpi'; expected one that the dataflow maps: vip, all" in shown.stderr
    shown = run(command, "p.csv", "--where", "vip", "--allow-missing-columns")
    assert shown.exit_code == 0
    assert qualtrics.requests() == []


def test_without_standard_input_files_are_read_all_the_same(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sender.commands.shared import selection  # noqa: PLC0415  only here

    (folder / "p.csv").write_text(CSV, "utf-8")
    monkeypatch.setattr(selection.sys, "stdin", None)
    assert len(list(selection.Selection(["p.csv"], selection.Dataflow.from_toml("d.toml")))) == 3
    with pytest.raises(ConfigurationError, match="-: standard input is closed"):
        selection.Selection(["-"], selection.Dataflow.from_toml("d.toml"))


@pytest.mark.parametrize("command", ["export", "preview"])
def test_ids_that_are_none_are_told_by_column_and_kind(run, folder, command):
    ids = ["12345678901234567890", "1e3", "1.5", "true"]
    lines = (
        f'{{"_id": {number}, "identityMap": {{"Email": [{{"id": {number}}}]}}}}' for number in ids
    )
    (folder / "p.jsonl").write_text("\n".join(lines))
    flow = (folder / "d.toml").read_text().partition("[[audiences]]")[0]
    (folder / "d.toml").write_text(flow)
    shown = run(command, "--dataflow", "d.toml", "p.jsonl")
    assert (
        "note: no mapped identity: identityMap.Email: a floating-point number, which may have lost "
        "digits (1 profile); identityMap.Email: a boolean (1 profile)\n"
    ) in shown.stderr
    if command == "preview":
        sent = [json.loads(line)["identityMap"]["Email"] for line in shown.stdout.splitlines()]
        assert sent == [[{"id": "12345678901234567890"}], [{"id": "1000"}]]


def test_a_column_of_floats_is_no_column_of_ids(run, folder):
    columns = {"identityMap.Email": [1457.0], "segmentMembership.ups.vip": ["realized"]}
    pq.write_table(pa.table({**columns, "firstName": ["Dave"]}), folder / "p.parquet")
    shown = run("export", "--dataflow", "d.toml", "p.parquet", "--json")
    assert (shown.exit_code, json.loads(shown.stdout)["identitiesExcluded"]) == (0, 1)
    assert (
        "warning: p.parquet: column identityMap.Email: the ids are of type double" in shown.stderr
    )
    assert "note: no mapped identity: identityMap.Email: a floating-point number" in shown.stderr


@pytest.mark.parametrize("command", ["export", "preview"])
def test_a_status_that_cannot_be_read_is_told(run, folder, command):
    vip = {"segmentMembership": {"ups": {"vip": {"status": "Realized"}}}}
    profile = {"_id": "1", "identityMap": {"Email": [{"id": "p@example.com"}]}, **vip}
    (folder / "p.jsonl").write_text(json.dumps(profile))
    flow = (folder / "d.toml").read_text()
    (folder / "d.toml").write_text(f'{flow}\n[[audiences]]\nid = "vip"\n')
    shown = run(command, "--dataflow", "d.toml", "p.jsonl")
    assert (
        "note: no readable status: segmentMembership.ups.vip.status: 'Realized'; expected "
        "'realized' or 'exited' (1 profile)\n"
    ) in shown.stderr
    assert "no mapped identity" not in shown.stderr
