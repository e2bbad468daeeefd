"""The command `breaking`, as people and CI use it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main
from contracts.commands.breaking_command import verdicts_of
from contracts.compatibility.changes.change import Change, Whom

EXAMPLE = Path("docs/examples/post-purchase")
DATAFLOW, WORKFLOWS = EXAMPLE / "dataflow.toml", EXAMPLE / "workflows.toml"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["breaking", *map(str, arguments)])


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """The example's dataflow with one target renamed."""
    text = DATAFLOW.read_text("utf-8").replace('target = "firstName"', 'target = "givenName"')
    (tmp_path / "renamed.toml").write_text(text, "utf-8")
    return tmp_path / "renamed.toml"


def test_what_breaks_is_told_first_each_in_one_sentence_and_exits_with_1(renamed: Path):
    result = run(DATAFLOW, renamed)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        (
            "receiver\tattribute firstName\tno message has it any more: person.name.firstName is "
            "mapped to givenName now"
        ),
        "nobody\tattribute givenName\tmessages may have it from now on",
    ]
    assert result.stderr == "breaking: 1 of 2 changes break somebody\n"


def test_only_what_breaks_the_one_that_is_asked_for_fails(renamed: Path):
    receiver, sender = (run(DATAFLOW, renamed, "--for", whom) for whom in ("receiver", "sender"))
    assert (receiver.exit_code, sender.exit_code) == (1, 0)
    assert receiver.stderr == "breaking: 1 of 2 changes break the receiver\n"
    assert sender.stderr == "breaking: 0 of 2 changes break the sender\n"


def test_json_tells_breaks_and_notes_apart(renamed: Path):
    answer = json.loads(run(DATAFLOW, renamed, "--json").stdout)
    assert answer["kind"] == "dataflow"
    assert [(one["whom"], one["place"]) for one in answer["breaks"]] == [
        ("receiver", "attribute firstName")
    ]
    assert [(one["whom"], one["place"]) for one in answer["notes"]] == [
        (None, "attribute givenName")
    ]


def test_the_same_file_twice_breaks_nothing(tmp_path: Path):
    result = run(WORKFLOWS, WORKFLOWS, "--junit", tmp_path / "r.xml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing that matters to anybody differs" in result.stderr
    assert 'tests="1"' in (tmp_path / "r.xml").read_text("utf-8")


def test_a_report_says_each_change_once_under_its_place(renamed: Path, tmp_path: Path):
    run(DATAFLOW, renamed, "--markdown", tmp_path / "r.md")
    text = (tmp_path / "r.md").read_text("utf-8")
    assert "### attribute firstName: failed\n\n- breaks the receiver: no message has it" in text
    assert text.count("no message has it any more") == 1
    assert text.count("messages may have it from now on") == 1


def test_changes_at_one_place_have_names_of_their_own():
    twice = [Change("a", "it lacks", Whom.SENDER), Change("a", "it grows", Whom.SENDER)]
    names = [verdict.name for verdict in verdicts_of(twice, twice)]
    assert names == ["a", "a (2)"]


def test_standard_input_is_one_of_two_files_at_most():
    result = run("-", "-")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "standard input is named twice" in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("new.toml", "", "new.toml: is empty"),
        ("new.toml", "[[workflows]]\n", "$.workflows[0].name: found nothing"),
        ("new.toml", 'name = "F"\n', "neither of what can be compared"),
        ("new.toml", 'url = "u"\nusername = "u"\n', "new.toml is a dataflow"),
        ("new.json", '{"type": "object"}', "new.json is a message's schema"),
        ("new.json", "{", "new.json:1: is not JSON"),
        ("new.jsonl", "{}\n{}\n", "new.jsonl: 2 documents; expected one"),
    ],
)
def test_what_cannot_be_compared_exits_with_2(tmp_path: Path, name: str, content: str, words: str):
    (tmp_path / name).write_text(content)
    result = run(WORKFLOWS, tmp_path / name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
