"""Reading a workflows file, and what is wrong with one."""

import pytest

from mock_qualtrics.commands.workflows_file import (
    InvalidWorkflowsFileError,
    read_workflows,
)

ONE = '[[workflows]]\nname = "One"\n'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "workflows.toml"
    path.write_text(ONE)
    return path


def test_every_violation_is_named_with_its_place(file):
    file.write_text(ONE + '[[workflows]]\nname = ""\nenabled = 1\n')
    with pytest.raises(InvalidWorkflowsFileError) as caught:
        read_workflows(file)
    assert [str(file) in violation for violation in caught.value.violations] == [True, True]
    assert "$.workflows[1].enabled" in str(caught.value)


@pytest.mark.parametrize("path", ["$[?@.a==1e999]", "$" + "[?@" * 150 + ".a" + "]" * 150])
@pytest.mark.parametrize(
    ("table", "place"),
    [
        ("[[workflows.fields]]\nname='f'", "fields[0]"),
        ("[[workflows.conditions.all]]\nexists=true", "conditions.all[0]"),
    ],
)
def test_a_path_that_no_library_reads_is_a_violation_with_its_place(file, path, table, place):
    file.write_text(f"{ONE}{table}\npath='{path}'\n")
    with pytest.raises(InvalidWorkflowsFileError, match="expected a JSONPath") as caught:
        read_workflows(file)
    (violation,) = caught.value.violations
    assert violation.startswith(f"{file}: $.workflows[0].{place}.path: found ")


def test_a_byte_order_mark_before_the_file_does_no_harm(file):
    file.write_text("\ufeff" + ONE)
    assert [workflow["name"] for workflow in read_workflows(file)] == ["One"]


def test_a_date_is_taken_as_its_text(file):
    file.write_text(ONE + "[workflows.conditions]\nall = [{path = '$.day', equals = 2026-01-31}]\n")
    (workflow,) = read_workflows(file)
    assert workflow["conditions"]["all"][0]["equals"] == "2026-01-31"


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000, "a = " + "9" * 5_000])
def test_what_no_parser_takes_is_reported(file, text):
    file.write_text(text)
    with pytest.raises(InvalidWorkflowsFileError, match="invalid TOML"):
        read_workflows(file)


@pytest.mark.parametrize("number", ["inf", "-inf", "nan", "[1, {x = inf}]"])
def test_a_number_that_json_does_not_have_is_refused(file, number):
    task = f'[[workflows.tasks]]\nname = "a"\ntype = "record"\nsettings = {{n = {number}}}\n'
    file.write_text(ONE + task)
    with pytest.raises(InvalidWorkflowsFileError, match="a number that JSON has"):
        read_workflows(file)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        (b"\xff", "invalid UTF-8 at byte 0"),
        (b"[[workflows]\n", "invalid TOML"),
        (b"#" * 10_000_001, "found more than 10,000,000 bytes"),
        (ONE.encode() * 2, "found the name 'One' 2 times"),
        (
            ONE.encode() + b"delay = {kind = 'uniform', low_seconds = 2, high_seconds = 1}",
            r"\$\.workflows\[0\]\.delay: found lowSeconds 2",
        ),
        (
            ONE.encode() + b"delay = {kind = 'fixed', seconds = 1e9}",
            r"\$\.workflows\[0\]\.delay\.seconds",
        ),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_name(file, content, reason):
    file.unlink() if content is None else file.write_bytes(content)
    with pytest.raises(InvalidWorkflowsFileError, match=reason) as caught:
        read_workflows(file)
    assert all(violation.startswith(f"{file}: ") for violation in caught.value.violations)
