"""What a run's workflow picked, decided and piped, and why it did not. Pure."""

from collections.abc import Mapping
from typing import Any

from mock_qualtrics.events.findings import (
    ConditionFinding,
    condition_findings,
    found_at,
    shown,
)
from mock_qualtrics.events.literal_texts import literal_texts
from mock_qualtrics.events.work_budget import WorkBudget
from mock_qualtrics.tenants.workflow import WorkflowSettings

Run = Mapping[str, Any]
_AS_NOW = {
    True: "",
    False: "The workflow was changed since this run: what follows explains it with the present "
    "settings; what was picked and piped is as the run had it.",
    None: "It is not known whether the workflow was changed since this run: what follows explains "
    "it with the present settings.",
}


def is_as_it_ran(run: Run, settings: WorkflowSettings) -> bool | None:
    """Return whether a workflow still is as the run had it; None for unknown."""
    revision = run.get("revision")
    return None if revision is None else revision == settings.revision


def settings_note(run: Run, settings: WorkflowSettings) -> str:
    """Return from when the settings are by which a run is explained; "" when it had these."""
    if run["startedOn"] is None and run["status"] == "Pending":
        return "" if settings.immediate else "It has not started: this is what it would do now."
    if settings.immediate and not run["tasks"] and not run["fields"]:
        return ""
    return _AS_NOW[is_as_it_ran(run, settings)]


def fields_shown(run: Run, settings: WorkflowSettings, event: object) -> list[dict[str, Any]]:
    """Return each field with its path, what it picked, and a remark."""
    work = WorkBudget()
    fields = []
    for name, path in settings.fields:
        finding = found_at(path, event, work)
        has_value = name in run["fields"] or (not run["fields"] and bool(finding.values))
        value = run["fields"].get(name, finding.values[0] if finding.values else None)
        fields.append(
            {
                "name": name,
                "path": path.text,
                "value": shown(value) if has_value else None,
                "remark": finding.remark,
            }
        )
    known = {name for name, _ in settings.fields}
    gone = [name for name in run["fields"] if name not in known]
    remark = "the workflow has no such field any more"
    return fields + [
        {"name": name, "path": "", "value": shown(run["fields"][name]), "remark": remark}
        for name in gone
    ]


def conditions_shown(settings: WorkflowSettings, event: object) -> list[ConditionFinding]:
    """Return each condition, whether it is met, and what was found."""
    if settings.conditions is None:
        return []
    return list(condition_findings(settings.conditions, event))


def tasks_shown(run: Run, settings: WorkflowSettings, event: object) -> list[dict[str, Any]]:
    """Return each task with its settings before and after piping, and what stayed literal."""
    paths = {name: path.text for name, path in settings.fields}
    values = run["fields"] or _picked(settings, event)
    named = {task.name: task.settings for task in settings.tasks}
    shown_tasks = []
    for state in run["tasks"] or [_not_started(task.name, task.type) for task in settings.tasks]:
        before = named.get(state["name"])
        after = state["settings"] if state["attempts"] else None
        literals = literal_texts(before or after or {}, values, paths)
        is_left = run.get("finishedOn") is not None and state["status"] == "Pending"
        status = "Not tried" if is_left else state["status"]
        piping = {"before": before, "after": after, "literals": list(dict.fromkeys(literals))}
        error = (state["error"] or "").removeprefix("skipped: ")  # the status says so
        shown_tasks.append({**state, **piping, "status": status, "error": error})
    return shown_tasks


def _picked(settings: WorkflowSettings, event: object) -> Mapping[str, Any]:
    found = ((name, found_at(path, event)) for name, path in settings.fields)
    return {name: finding.values[0] for name, finding in found if finding.values}


def _not_started(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "type": kind, "status": "Pending", "attempts": 0, "error": None}
