"""Edits of a workflows file that are easily overlooked, and files that cannot be read."""

import os
import threading

import pytest

from mock_qualtrics import workflows_file
from mock_qualtrics.engine import Engine
from mock_qualtrics.workflows_file import (
    InvalidWorkflowsFileError,
    WorkflowsFile,
    put_in_force,
    read_workflows,
)

WORKFLOW = '[[workflows]]\nname = "Survey"\n'


@pytest.fixture
def engine():
    with Engine() as made:
        yield made


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "workflows.toml"
    path.write_text(WORKFLOW)
    return path


def in_force(engine):
    return [workflow.settings.to_mapping() for workflow in engine.tenants.default.workflows]


def condition(operand):
    return WORKFLOW + f'conditions = {{all = [{{path = "$.a", equals = {operand}}}]}}\n'


@pytest.mark.parametrize(("before", "after"), [("1", "true"), ("false", "0"), ("[1]", "[true]")])
def test_an_edit_that_python_calls_equal_is_put_in_force_too(engine, file, before, after):
    for operand in (before, after):
        file.write_text(condition(operand))
        put_in_force(engine, read_workflows(file))
    ((shown,),) = [workflow["conditions"]["all"] for workflow in in_force(engine)]
    assert type(shown["equals"]) is type({"true": True, "0": 0, "[true]": [True]}[after])
    assert str(shown["equals"]).lower() == after


def test_a_file_that_says_the_same_changes_no_workflow(engine, file):
    put_in_force(engine, read_workflows(file))
    (before,) = engine.tenants.default.workflows
    put_in_force(engine, read_workflows(file))
    (after,) = engine.tenants.default.workflows
    assert after is before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        (b"\xff", "invalid UTF-8 at byte 0"),
        (b"[[workflows]\n", "invalid TOML"),
        (WORKFLOW.encode() * 2, "found the name 'Survey' 2 times"),
        (
            WORKFLOW.encode() + b"delay = {kind = 'uniform', low_seconds = 2, high_seconds = 1}",
            r"\$\.workflows\[0\]\.delay: found lowSeconds 2",
        ),
        (
            WORKFLOW.encode() + b"delay = {kind = 'fixed', seconds = 1e9}",
            r"\$\.workflows\[0\]\.delay\.seconds",
        ),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_name(file, content, reason):
    file.unlink() if content is None else file.write_bytes(content)
    with pytest.raises(InvalidWorkflowsFileError, match=reason) as caught:
        read_workflows(file)
    assert all(violation.startswith(f"{file}: ") for violation in caught.value.violations)


def test_a_watched_file_is_read_again_without_being_asked(engine, file, monkeypatch):
    monkeypatch.setattr(workflows_file, "POLL_SECONDS", 0.001)
    seen = threading.Event()
    put = workflows_file.put_in_force

    def notice(engine: Engine, workflows: list[dict[str, object]]) -> None:
        put(engine, workflows)
        if workflows[0].get("enabled") is False:
            seen.set()

    monkeypatch.setattr(workflows_file, "put_in_force", notice)
    watched = WorkflowsFile(file, engine, read_workflows(file))
    watched.watch()
    changed = file.with_suffix(".new")
    changed.write_text(WORKFLOW + "enabled = false\n")
    os.replace(changed, file)  # noqa: PTH105  as editors do: the new file is whole at once
    assert seen.wait(10)
    watched.stop()
    assert [workflow["enabled"] for workflow in in_force(engine)] == [False]


def test_a_file_that_comes_back_is_read_again(engine, file):
    watched = WorkflowsFile(file, engine, read_workflows(file))
    file.unlink()
    assert not watched.look()
    file.write_text(WORKFLOW + "retry_tasks = true\n")
    assert watched.look()
    assert [workflow["retryTasks"] for workflow in in_force(engine)] == [True]
