"""Which field of a workflow's form a reason is about. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from mock_qualtrics.web.pages.workflows.form_values import Row, Typed

_PLACE: Final = re.compile(r"\$\.(\w+)(?:\.(all|any))?(?:\[(\d+)\])?(?:\.(\w+))?", re.ASCII)
_SINGLE: Final = {
    **{name: name for name in ("name", "onTaskFailure", "requireAuthentication", "retryTasks")},
    "enabled": "state",
    "draft": "state",
}
_LABELS: Final = {
    "name": "Name",
    "path": "JSONPath",
    "operand": "Compared with",
    "comparison": "Comparison",
    "type": "Type",
    "settings": "Settings",
    "failFirst": "Fails first",
    "failProbability": "Fails by chance",
    "id": "Id",
    "state": "State",
    "group": "Group",
    "onTaskFailure": "When a task fails",
    "requireAuthentication": "Require authentication",
    "retryTasks": "Try failed tasks again",
    "fields": "Fields",
    "conditions": "Conditions",
    "tasks": "Tasks",
    "kind": "Delay",
    "json": "Conditions",
    "seconds": "Delay, seconds",
    "lowSeconds": "Delay, from seconds",
    "highSeconds": "Delay, to seconds",
    "medianSeconds": "Delay, median seconds",
    "p95Seconds": "Delay, 95th percentile",
    "workers": "Delay, workers",
    "serviceSeconds": "Delay, seconds each",
    "measured": "Delay, measured seconds",
}
_ROW_LABELS: Final = {"fields": "Field", "conditions": "Condition", "tasks": "Task"}


class FieldError(NamedTuple):
    """What is wrong with a field of the form.

    Attributes:
        field: the element's id; that of the form's beginning where no field is meant.
        label: what people call it.
        text: what was found and expected.
    """

    field: str
    label: str
    text: str


def field_errors(
    violations: Iterable[str], typed: Typed, reasons: Mapping[str, str]
) -> list[FieldError]:
    """Return what is wrong, field by field.

    Args:
        violations: of the settings document, each ``PLACE: found …, expected …``.
        typed: what the document was made of.
        reasons: those that the form knows itself, by field.
    """
    found = [(name, reason) for name, reason in reasons.items()]
    for violation in violations:
        place, _, text = violation.partition(": ")
        found.append((field_of(place, typed), text or violation))
    return [FieldError(name, label_of(name), text) for name, text in dict.fromkeys(found)]


def field_of(place: str, typed: Typed) -> str:
    """Return the id of the field that a JSONPath of the settings document is about."""
    match = _PLACE.match(place)
    setting, group, index, name = match.groups() if match else ("", None, None, None)
    if setting == "delay":
        return _delay_field(name, typed)
    if setting == "conditions":
        return _condition_field(group, index, name, typed)
    if setting in ("fields", "tasks"):
        return setting if index is None else f"{setting}-{index}-{name or 'name'}"
    return _SINGLE.get(setting, "form")


def label_of(name: str) -> str:
    """Return what people call a field, such as ``Field 1, JSONPath``."""
    group, _, rest = name.partition("-")
    if group in _ROW_LABELS and rest.partition("-")[0].isdecimal():
        number, _, column = rest.partition("-")
        return f"{_ROW_LABELS[group]} {int(number) + 1}, {_LABELS[column]}"
    return _LABELS.get(rest or group, "Workflow")


def _delay_field(name: str | None, typed: Typed) -> str:
    if typed.single["delay-kind"] == "measured":
        return "delay-measured"
    return f"delay-{name}" if f"delay-{name}" in typed.single else "delay-kind"


def _condition_field(group: str | None, index: str | None, name: str | None, typed: Typed) -> str:
    if typed.conditions_json is not None:
        return "conditions-json"
    rows = _rows_of(typed.rows["conditions"], group)
    if index is None or int(index) >= len(rows):
        return "conditions"
    column = {"path": "path", None: "comparison"}.get(name, "operand")
    return f"conditions-{rows[int(index)]}-{column}"


def _rows_of(rows: list[Row], group: str | None) -> list[int]:
    return [number for number, row in enumerate(rows) if row["group"] == group]
