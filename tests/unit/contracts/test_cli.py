"""The command qualtrics-contracts, as people and scripts use it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts import __version__
from contracts.cli import main
from contracts.fidelity import behaviours
from contracts.validation import schema, schema_names

TOTALS = json.dumps(schema("totals")["examples"][0])


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


def test_valid_files_exit_with_0_and_say_how_many():
    result = run("validate", "totals", "-", stdin=f"{TOTALS}\n{TOTALS}\n")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "totals: 2 documents, 0 violations, 0 unreadable\n"


def test_violations_are_told_with_file_and_line_and_exit_with_1(tmp_path: Path):
    file = tmp_path / "settings.jsonl"
    file.write_text('{}\n{"clock": "slow", "seed": 1.5}\n')
    result = run("validate", "tenant-settings", str(file))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f'{file}:2: $.clock: found "slow", expected one of "real", "virtual", "skipping"',
        f"{file}:2: $.seed: found 1.5, expected a whole number",
    ]
    assert result.stderr == "tenant-settings: 2 documents, 2 violations, 0 unreadable\n"


def test_json_output_holds_all_that_was_found(tmp_path: Path):
    result = run("validate", "run", "-", str(tmp_path / "none"), "--json", stdin='{"id": ""}\n{')
    assert result.exit_code == 2
    answer = json.loads(result.stdout)
    assert (answer["schema"], answer["valid"], answer["documents"]) == ("run", False, 1)
    assert answer["violations"][0] == {
        "file": "-",
        "line": 1,
        "path": "$.id",
        "value": '""',
        "expected": "a text of at least 1 character",
    }
    assert [(entry["file"], entry["line"]) for entry in answer["unreadable"]] == [
        ("-", 2),
        (str(tmp_path / "none"), None),
    ]


def test_json_output_of_valid_files_says_so():
    result = run("validate", "totals", "-", "--json", stdin=TOTALS)
    assert json.loads(result.stdout)["valid"] is True


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.json", "{", "x.json:1: is not JSON"),
        ("x.json", "", "x.json: is empty"),
        ("x.jsonl", "{\n", "x.jsonl:1: is not JSON"),
        ("x.toml", "=", "x.toml:1: is no TOML"),
        ("-", "{", "-:1: is not JSON"),
    ],
)
def test_a_broken_document_exits_with_1_as_the_help_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, words: str
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").with_name(name).write_text(content)
    result = run("validate", "run", name, stdin=content)
    assert result.exit_code == 1
    assert words in result.stdout
    told = " ".join(run("validate", "--help").stdout.split())
    assert "1 something is not valid, or not strict JSON or TOML; 2 a file cannot be opened" in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["validate", "massage", "-"], 'no schema is called "massage"; expected one of answer-'),
        (["validate", "run"], "Missing argument"),
        (["validate", "run", "-", "--jsn"], "No such option"),
        (["judge"], "No such command"),
    ],
)
def test_wrong_usage_exits_with_2_and_one_clear_message(arguments: list[str], words: str):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_file_that_cannot_be_read_exits_with_2_and_the_others_are_judged(tmp_path: Path):
    file = tmp_path / "totals.json"
    file.write_text(TOTALS)
    result = run("validate", "totals", str(tmp_path / "none"), str(tmp_path), str(file))
    assert result.exit_code == 2
    assert result.stdout.count("cannot be read: ") == 2
    assert "1 document," in result.stderr


@pytest.mark.parametrize(
    "command", [[], ["validate"], ["schema"], ["schemas"], ["fidelity"], ["probe"]]
)
def test_every_command_has_help_with_an_example(command: list[str]):
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Example: qualtrics-contracts " in result.stdout


def test_the_schemas_are_listed():
    names = [line.split()[0] for line in run("schemas").stdout.splitlines()]
    assert tuple(names) == schema_names()
    assert json.loads(run("schemas", "--json").stdout)["run"] == "Run"


def test_the_version_is_told():
    assert run("--version").stdout == f"qualtrics-contracts, version {__version__}\n"


def test_the_ledger_is_a_table_for_people():
    result = run("fidelity", "--side", "mock")
    assert result.exit_code == 0
    assert "Q-LIM-1" in result.stdout
    assert "A-MAP-2" not in result.stdout


def test_the_ledger_says_how_old_its_sources_are():
    rows = {row["id"]: row["dated"] for row in json.loads(run("fidelity", "--json").stdout)}
    assert (rows["Q-ENV-2"], rows["Q-LIM-1"]) == ("2026-08", "")
    said = run("fidelity", "--grade", "documented").stdout
    assert "JSON Event; API page (date unknown)" in said
    assert "(2024-08-05)" in said


def test_in_80_columns_no_name_of_the_ledger_is_cut(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("contracts.commands.show_fidelity.on_terminal", lambda: True)
    lines = run("fidelity").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    words = {word for line in lines for word in line.split()}
    for row in behaviours():
        assert {row.id, row.grade.value, *row.setting.split()} <= words


def test_off_a_terminal_a_row_of_the_ledger_is_a_line_of_cells_between_tabs():
    lines = [line.split("\t") for line in run("fidelity").stdout.splitlines()]
    assert [line[0] for line in lines] == [row.id for row in behaviours()]
    assert {len(line) for line in lines} == {5}
    assert ["Q-LIM-1", "documented"] in [line[:2] for line in lines]


def test_the_ledger_is_json_for_scripts():
    rows = json.loads(run("fidelity", "--grade", "assumed", "--json").stdout)
    assert {row["grade"] for row in rows} == {"assumed"}
    assert {"Q-LIM-2", "A-RTRY-3"} <= {row["id"] for row in rows}
