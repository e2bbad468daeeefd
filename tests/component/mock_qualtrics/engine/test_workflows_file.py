"""The workflows file and the engine, without a server between them."""

import os
import threading

import pytest

from mock_qualtrics.commands import workflows_file
from mock_qualtrics.commands.workflows_file import (
    WorkflowsFile,
    WorkflowsFileTenantError,
    put_in_force,
    read_workflows,
    stamp_of,
)
from mock_qualtrics.engine import Engine
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.tenant import Tenant
from support.rehearsal import trigger_call

ONE = '[[workflows]]\nname = "One"\n'
TWO = '[[workflows]]\nname = "Two"\n'


@pytest.fixture
def engine():
    with Engine() as made:
        yield made


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "workflows.toml"
    path.write_text(ONE)
    return path


def names(engine):
    return {workflow.name: workflow.enabled for workflow in engine.tenants.default.workflows}


def in_force(engine):
    return [workflow.settings.to_mapping() for workflow in engine.tenants.default.workflows]


def edit(file, text):
    before = file.stat().st_mtime_ns
    file.write_text(text)
    os.utime(file, ns=(before + 1, before + 1))


def post(engine, workflow):
    assert engine.receive(trigger_call(engine, workflow=workflow)).status == 202


def test_the_file_replaces_what_was_never_called(engine, file):
    put_in_force(engine, read_workflows(file))
    assert names(engine) == {"One": True}


def test_an_edit_after_the_first_reading_is_not_missed_by_the_watch(engine, file):
    stamp, workflows = stamp_of(file), read_workflows(file)
    edit(file, ONE + TWO)
    assert WorkflowsFile(file, engine, workflows, stamp).look()
    assert names(engine) == {"One": True, "Two": True}


def test_a_good_edit_keeps_ids_and_a_workflow_that_is_gone_is_disabled(engine, file):
    watched = WorkflowsFile(file, engine, read_workflows(file))
    assert not watched.look()
    (one,) = engine.tenants.default.workflows
    post(engine, one)
    edit(file, TWO + "enabled = false\n")
    assert watched.look()
    assert names(engine) == {"One": False, "Two": False}
    edit(file, ONE + TWO)
    assert watched.look()
    assert names(engine) == {"One": True, "Two": True}
    assert engine.tenants.default.workflows[0].id == one.id
    assert engine.journal.totals(engine.tenants.default.number)["accepted"] == 1


def test_an_edit_tells_which_workflows_are_new_and_which_take_no_more_calls(engine, file, caplog):
    caplog.set_level("INFO")
    watched = WorkflowsFile(file, engine, read_workflows(file))
    edit(file, TWO)
    assert watched.look()
    assert f"{file} was read again; new: Two; disabled or gone: One" in caplog.messages
    edit(file, TWO + "enabled = true\n")
    assert watched.look()
    assert caplog.messages[-1] == f"{file} was read again"


def test_a_task_that_pipes_what_no_field_is_called_is_warned_of(engine, file, caplog):
    task = '[[workflows.tasks]]\nname = "T"\ntype = "email"\nsettings = {to = ["~{aedj://a} ~{aedj://b}"]}\n'
    edit(file, ONE + '[[workflows.fields]]\nname = "a"\npath = "$.a"\n' + task)
    put_in_force(engine, read_workflows(file))
    assert caplog.messages == [
        "workflow 'One', task 'T': the workflow has no field b, so its runs fail (Q-BODY-3)"
    ]


def test_of_workflows_that_share_a_name_all_are_disabled_when_it_is_gone(engine, file):
    put_in_force(engine, read_workflows(file))
    tenant = engine.tenants.default
    engine.tenants.add_workflow(tenant, {"name": "Twin"})
    engine.tenants.add_workflow(tenant, {"name": "Twin"})
    post(engine, tenant.workflows[0])
    put_in_force(engine, read_workflows(file))
    assert [(flow.name, flow.enabled) for flow in tenant.workflows] == [
        ("One", True),
        ("Twin", False),
        ("Twin", False),
    ]


def test_an_edit_after_all_tenants_were_deleted_is_one_clear_warning(engine, file, caplog):
    watched = WorkflowsFile(file, engine, read_workflows(file))
    engine.tenants.delete(engine.tenants.default.id)
    edit(file, TWO)
    assert not watched.look()
    assert "belongs to tenant-1, with which serve started and which was deleted" in caplog.text


def test_an_edit_after_the_file_s_tenant_was_deleted_touches_no_other_tenant(engine, file, caplog):
    watched = WorkflowsFile(file, engine, read_workflows(file))
    engine.tenants.delete(engine.tenants.default.id)
    other = engine.tenants.create({})
    engine.tenants.add_workflow(other, {"name": "Another team's"})
    for text in (TWO, ONE):
        edit(file, text)
        assert not watched.look()
    assert names(engine) == {"Another team's": True}
    (first, _) = caplog.messages
    assert first.endswith(
        "no other tenant gets its workflows; start serve on a new store; "
        "the workflows stay as they were"
    )


def test_a_start_with_a_file_leaves_the_workflows_of_another_tenant_alone(file, tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path}/journal.db")
    with Engine(settings) as engine:
        engine.tenants.add_workflow(engine.tenants.create({}), {"name": "Another team's"})
        engine.tenants.delete("tenant-1")
    with Engine(settings) as engine:
        with pytest.raises(
            WorkflowsFileTenantError, match="start with another --store, or without"
        ):
            WorkflowsFile(file, engine, read_workflows(file))
        assert names(engine) == {"Another team's": True}


def test_where_no_tenant_is_left_a_start_creates_one_for_the_file(file, tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path}/journal.db")
    with Engine(settings) as engine:
        engine.tenants.create({})
        for tenant in engine.tenants.all():
            engine.tenants.delete(tenant.id)
    for _ in range(2):
        with Engine(settings) as engine:
            assert engine.tenants.default.id == "tenant-3"
            WorkflowsFile(file, engine, read_workflows(file))
            assert names(engine) == {"One": True}


def test_a_reset_tenant_stays_the_file_s(engine, file):
    watched = WorkflowsFile(file, engine, read_workflows(file))
    engine.tenants.reset(engine.tenants.default.id)
    edit(file, ONE + TWO)
    assert watched.look()
    assert names(engine) == {"One": True, "Two": True}


def test_a_draft_stays_one_until_it_is_enabled_and_never_comes_back(engine, file, caplog):
    edit(file, ONE + "draft = true\n")
    put_in_force(engine, read_workflows(file))
    (one,) = engine.tenants.default.workflows
    assert one.state == "draft"
    put_in_force(engine, read_workflows(file))  # as at a restart
    assert engine.tenants.workflow(one.id).state == "draft"
    for changes, state in (({"enabled": True}, "active"), ({"enabled": False}, "disabled")):
        engine.tenants.update_workflow(one.id, changes)
        caplog.clear()
        put_in_force(engine, read_workflows(file))
        assert engine.tenants.workflow(one.id).state == state
        assert "draft = true no longer counts" in caplog.text
    edit(file, ONE)
    put_in_force(engine, read_workflows(file))
    assert engine.tenants.workflow(one.id).state == "active"


def test_kept_edits_outlast_a_reading_of_the_file_until_it_changes_the_workflow(
    engine, file, caplog
):
    caplog.set_level("INFO")
    watched = WorkflowsFile(file, engine, read_workflows(file))
    (one,) = engine.tenants.default.workflows
    engine.tenants.update_workflow(one.id, {"retry_tasks": True, "publish": False})
    edit(file, ONE + TWO)
    assert watched.look()
    assert caplog.messages[-1].endswith("; new: Two; edits wait to be published: One")
    edit(file, ONE + "require_authentication = false\n" + TWO)
    assert watched.look()
    assert "workflow 'One': the file replaces unpublished edits of retryTasks" in caplog.messages
    assert "unpublished" not in engine.tenants.workflow(one.id).to_mapping("")


BAD_PATH = ONE + "fields = [{name = 'f', path = '$[?@.a==1e999]'}]\n"


@pytest.mark.parametrize(
    "text",
    [
        "[[workflows]]",
        "[",
        "",
        ONE + ONE,
        ONE + "draft = true\nenabled = true\n",
        BAD_PATH,
        "a = " + "[" * 9_000,
        "#" * 10_000_001,
    ],
)
def test_a_bad_edit_is_reported_once_and_changes_nothing(engine, file, text, caplog):
    watched = WorkflowsFile(file, engine, read_workflows(file))
    edit(file, text)
    assert not watched.look()
    assert "the workflows stay as they were" in caplog.text
    caplog.clear()
    assert not watched.look()
    assert not caplog.text
    assert names(engine) == {"One": True}


def test_a_file_that_is_gone_changes_nothing(engine, file):
    watched = WorkflowsFile(file, engine, read_workflows(file))
    file.unlink()
    assert not watched.look()
    assert names(engine) == {"One": True}


def test_what_is_no_regular_file_changes_nothing_and_keeps_nobody_waiting(engine, file):
    watched = WorkflowsFile(file, engine, read_workflows(file))
    for make in (os.mkfifo, os.mkdir):
        file.unlink()
        make(file)
        assert not watched.look()
    file.rmdir()
    file.write_text(TWO)
    assert watched.look()


def test_watching_goes_on_after_an_edit_that_nobody_foresaw(engine, file, monkeypatch, caplog):
    monkeypatch.setattr(workflows_file, "POLL_SECONDS", 0.001)
    put, seen = workflows_file.put_in_force, threading.Event()
    watched = WorkflowsFile(file, engine, read_workflows(file))

    def fail_once(engine: Engine, workflows: list[dict[str, object]], tenant: Tenant) -> None:
        if not caplog.text:
            edit(file, ONE + TWO)
            raise RuntimeError("nobody foresaw it")
        put(engine, workflows, tenant)
        seen.set()

    monkeypatch.setattr(workflows_file, "put_in_force", fail_once)
    edit(file, TWO)
    watched.watch()
    assert seen.wait(60)
    watched.stop()
    assert "could not be put in force; it is still watched" in caplog.text
    assert names(engine) == {"One": True, "Two": True}


def test_watching_ends_when_told(engine, file):
    watched = WorkflowsFile(file, engine, read_workflows(file))
    before = set(threading.enumerate())
    watched.watch()
    (watcher,) = set(threading.enumerate()) - before
    assert watcher.is_alive()
    watched.stop()
    watcher.join(60)
    assert not watcher.is_alive()
    watched.stop()


def condition(operand):
    return ONE + f'conditions = {{all = [{{path = "$.a", equals = {operand}}}]}}\n'


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


def test_a_watched_file_is_read_again_without_being_asked(engine, file, monkeypatch):
    monkeypatch.setattr(workflows_file, "POLL_SECONDS", 0.001)
    seen = threading.Event()
    put = workflows_file.put_in_force

    def notice(engine: Engine, workflows: list[dict[str, object]], tenant: Tenant) -> None:
        put(engine, workflows, tenant)
        if workflows[0].get("enabled") is False:
            seen.set()

    monkeypatch.setattr(workflows_file, "put_in_force", notice)
    watched = WorkflowsFile(file, engine, read_workflows(file))
    watched.watch()
    changed = file.with_suffix(".new")
    changed.write_text(ONE + "enabled = false\n")
    os.replace(changed, file)  # noqa: PTH105  as editors do: the new file is whole at once
    assert seen.wait(60)
    watched.stop()
    assert [workflow["enabled"] for workflow in in_force(engine)] == [False]


def test_a_file_that_comes_back_is_read_again(engine, file):
    watched = WorkflowsFile(file, engine, read_workflows(file))
    file.unlink()
    assert not watched.look()
    file.write_text(ONE + "retry_tasks = true\n")
    assert watched.look()
    assert [workflow["retryTasks"] for workflow in in_force(engine)] == [True]
