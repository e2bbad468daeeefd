"""What a workflow reads: its fields, what its tasks pipe, and what its conditions guard."""

from typing import Any

from contracts.compatibility.workflow_reads import Pipe, WorkflowReads, texts

SETTINGS: dict[str, Any] = {
    "subject": "~{aedj://a} and ~{aedj://b}, {aedj://c}",
    "body": {"lines": ["none", "~{aedj://a}", ["~{aedj://d}"]], "count": 3, "more": None},
    "footer": "${aedj://e} ~${aedj://f} ~{aedj://g h}",
}


def reads(*settings: dict[str, Any] | None, **other: Any) -> WorkflowReads:  # noqa: ANN401
    tasks = [
        {"name": f"T{number}"} | ({} if values is None else {"settings": values})
        for number, values in enumerate(settings)
    ]
    return WorkflowReads.from_mapping({"name": "W", "tasks": tasks, **other})


def test_every_pipe_is_found_with_its_task_and_place():
    found = reads(None, SETTINGS)
    assert found.pipes == (
        Pipe("T1", "subject", "a"),
        Pipe("T1", "subject", "b"),
        Pipe("T1", "body.lines[1]", "a"),
        Pipe("T1", "body.lines[2][0]", "d"),
    )
    assert found.forgotten == (
        Pipe("T1", "subject", "{aedj://c}"),
        Pipe("T1", "footer", "${aedj://e}"),
    )
    assert found.needed() == {"a", "b", "d"}


def test_what_is_piped_twice_in_a_setting_is_one_pipe():
    twice = reads({"subject": "~{aedj://a} ~{aedj://a} {aedj://b} {aedj://b}"})
    assert (len(twice.pipes), len(twice.forgotten)) == (1, 1)


def test_a_workflow_may_have_a_name_only():
    assert WorkflowReads.from_mapping({"name": "W"}) == WorkflowReads("W", {}, {}, (), ())


def test_what_may_lack_a_value_is_what_no_condition_guards():
    conditions = {"all": [{"path": "$['a']", "exists": True}, {"path": "$.b", "not_equals": 1}]}
    fields = [{"name": name, "path": f"$.{name}"} for name in ("a", "b")]
    found = reads(SETTINGS, fields=fields, conditions=conditions)
    assert found.fields == {"a": "$.a", "b": "$.b"}
    assert found.guarded() == {"$['a']"}
    assert found.unguarded() == ["$.b", "d"]


def test_a_text_has_its_place():
    assert list(texts("a")) == [("", "a")]
    assert list(texts(["a", {"b": "c"}])) == [("[0]", "a"), ("[1].b", "c")]
    assert list(texts({"a": {"b": ["c"], 1: "d"}})) == [("a.b[0]", "c"), ("a.1", "d")]
    assert list(texts(3)) == []
