"""The command `compatible`, as people and CI use it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main

EXAMPLE = Path("docs/examples/post-purchase")
DATAFLOW, WORKFLOWS = EXAMPLE / "dataflow.toml", EXAMPLE / "workflows.toml"
PROFILES = EXAMPLE / "profiles.jsonl"


def run(*arguments: object, dataflow: Path = DATAFLOW, workflows: Path = WORKFLOWS) -> Result:
    given = ["--dataflow", dataflow, "--workflows", workflows, *arguments]
    return CliRunner().invoke(main, ["compatible", *map(str, given)])


def changed(folder: Path, old: str, new: str, file: Path = DATAFLOW) -> Path:
    text = file.read_text("utf-8")
    assert old in text
    made = folder / file.name
    made.write_text(text.replace(old, new), "utf-8")
    return made


def test_what_is_fed_sometimes_is_a_warning_and_fails_only_when_strict():
    result = run()
    assert result.exit_code == 0
    assert result.stdout.startswith("sometimes\twarning\tSurvey after a purchase\tfield firstName")
    assert result.stderr == "compatible: 0 always, 9 sometimes, 0 never; 0 failed, 9 warnings\n"
    assert run("--strict").exit_code == 1


def test_what_is_never_fed_and_needed_exits_with_1(tmp_path: Path):
    typo = changed(tmp_path, 'target = "emailAddress"', 'target = "emailAdress"')
    result = run(dataflow=typo)
    assert result.exit_code == 1
    assert (
        "never\tfailure\tSurvey after a purchase\tsetting Invite to the survey.to" in result.stdout
    )
    assert "no attribute has the target emailAddress (did you mean emailAdress?)" in result.stdout


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Three profiles, the last of which has no address."""
    file = tmp_path / "few.jsonl"
    file.write_text("".join(PROFILES.read_text("utf-8").splitlines(keepends=True)[15:18]), "utf-8")
    return file


def test_rows_prove_what_they_all_have(few: Path):
    result = run("--profiles", few, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["compatible"], answer["rows"]) == (True, 3)
    assert answer["counts"] == {"always": 7, "sometimes": 2}
    mail = next(f for f in answer["findings"] if f["name"] == "email")
    assert (mail["verdict"], mail["reason"], mail["severity"]) == (
        "sometimes",
        "optional",
        "warning",
    )
    assert "2 of 3 exported rows" in mail["explanation"]


def test_several_files_of_profiles_follow_one_option(few: Path):
    assert json.loads(run("--profiles", few, few, "--json").stdout)["rows"] == 6


def test_reports_have_one_case_for_each_finding(tmp_path: Path):
    assert run("--junit", tmp_path / "r.xml", "--strict").exit_code == 1
    assert 'tests="9"' in (tmp_path / "r.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("name", "nme", 'did you mean "name"?'),
        ('target = "order.total"', 'target = "order"', "not the parent of another one"),
        ("[[attributes]]", "[[attributes]", "is no TOML"),
        ("start_date = 2026-01-01", 'start_date = "soon"', "a date such as 2023-09-01"),
        ('target = "firstName"', 'target = "firstName"\nalways_present = 1', "true or false"),
    ],
)
def test_a_broken_dataflow_is_one_error_with_its_place(
    tmp_path: Path, old: str, new: str, words: str
):
    result = run(dataflow=changed(tmp_path, old, new))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {tmp_path / 'dataflow.toml'}:")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "order"\n', 'name = "email"\n', '$.workflows[0].fields: found "email"'),
        ('path = "$.order.number"', 'path = "order.number"', "a JSONPath (RFC 9535)"),
        ('path = "$.order.number"', 'path = "$.order.no-1"', "write ['no-1'] without the dot"),
        ('equals = "realized"', 'equal = "realized"', 'did you mean "equals"?'),
    ],
)
def test_a_broken_workflows_file_is_one_error_with_its_place(
    tmp_path: Path, old: str, new: str, words: str
):
    result = run(workflows=changed(tmp_path, old, new, WORKFLOWS))
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p.jsonl", '{"identityMap": {}}\n', "no row has an identity that is exported"),
        ("p.jsonl", '{"identityMap": {}}\n[1]\n', "p.jsonl:2: a list; expected a profile"),
        ("p.jsonl", "{\n", "p.jsonl:1: is not JSON"),
        ("p.json", '[{"identityMap": {}}, 7]', "p.json[1]: a plain value or null; expected"),
        ("p.csv", "a,b\n", "p.csv: is CSV; expected profiles as JSON lines"),
    ],
)
def test_broken_profiles_are_one_error_with_their_place(
    tmp_path: Path, name: str, content: str, words: str
):
    file = tmp_path / name
    file.write_text(content)
    result = run("--profiles", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_file_without_its_option_and_a_missing_file_are_wrong_usage(tmp_path: Path):
    assert "expected --profiles before files" in run(PROFILES).stderr
    result = run(workflows=tmp_path / "none.toml")
    assert result.exit_code == 2
    assert "none.toml: cannot be read: No such file" in result.stderr


def test_an_error_shows_no_url_and_no_username(tmp_path: Path):
    text = DATAFLOW.read_text("utf-8").replace("http://127", "127").replace("dave@", "da:ve@")
    (tmp_path / "d.toml").write_text(text)
    result = run(dataflow=tmp_path / "d.toml")
    assert result.exit_code == 2
    assert "$.url" in result.stderr
    assert "$.username" in result.stderr
    assert "urlTokenId" not in result.stderr
    assert "da:ve" not in result.stderr


def test_each_problem_of_a_file_is_a_line_that_says_that_it_is_an_error(tmp_path: Path):
    (tmp_path / "d.toml").write_text('name = ""\nurl = 1\n')
    lines = run("--dataflow", tmp_path / "d.toml").stderr.splitlines()
    assert len(lines) > 1
    assert all(line.startswith(f"Error: {tmp_path}/d.toml: $") for line in lines)


@pytest.mark.parametrize(
    ("dataflow", "workflows", "words"),
    [
        (WORKFLOWS, WORKFLOWS, f"{WORKFLOWS}: is a workflows file; expected a dataflow"),
        (DATAFLOW, DATAFLOW, f"{DATAFLOW}: is a dataflow; expected a workflows file"),
        (Path("-"), Path("-"), "-: standard input is named twice, and can be read only once"),
        ("", WORKFLOWS, '"": is no name of a file'),
        (DATAFLOW, "w.yaml", "is YAML by its name, and no JSON; expected JSON, JSON lines ("),
    ],
)
def test_a_file_in_the_place_of_another_is_told_in_one_line(
    tmp_path: Path, dataflow: Path | str, workflows: Path | str, words: str
):
    if workflows == "w.yaml":
        workflows = tmp_path / "w.yaml"
        workflows.write_text("workflows:\n  - name: W\n")
    result = run(dataflow=dataflow, workflows=workflows)  # type: ignore[arg-type]
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert words in line


def test_a_number_too_large_to_print_is_compared_like_any(tmp_path: Path):
    condition = {"path": "$.order.total", "equals": 7}
    text = json.dumps({"workflows": [{"name": "W", "conditions": {"all": [condition]}}]})
    (tmp_path / "w.json").write_text(text.replace("7", "1" + "0" * 5_000))
    result = run("--profiles", PROFILES, workflows=tmp_path / "w.json")
    assert result.exit_code == 1
    assert "is a number, but none that equals a value with a whole number" in result.stdout


def test_that_a_key_is_missing_is_no_secret(tmp_path: Path):
    (tmp_path / "d.toml").write_text('[[identities]]\nsource = "Email"\ntarget = "email"\n')
    result = run(dataflow=tmp_path / "d.toml")
    assert result.exit_code == 2
    for key in ("name", "url", "username"):
        expected = "found nothing, expected a value: this key is required"
        assert f"$.{key}: {expected}" in result.stderr


def test_workflows_that_read_nothing_are_said_to_leave_nothing_to_judge(tmp_path: Path):
    (tmp_path / "w.toml").write_text('[[workflows]]\nname = "W"\n')
    result = run(workflows=tmp_path / "w.toml")
    assert result.exit_code == 0
    assert "nothing was judged, for no workflow reads anything of an event" in result.stderr
