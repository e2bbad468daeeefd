"""What stands in the fields of a workflow's form, and the settings document that it means. Pure.

Texts stay as they were typed. What is no number or of no known kind goes into the document as its
text: the schema judges it, in its own words.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mock_qualtrics.web.pages.workflows.json_texts import (
    NotTakenError,
    json_text,
    operand,
    operand_text,
    value_of,
)

Row = dict[str, str]
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "fields": ("name", "path"),
    "conditions": ("group", "path", "comparison", "operand"),
    "tasks": ("name", "type", "settings", "failFirst", "failProbability", "id"),
}
"""The groups of rows, each with its columns."""

NEW_ROWS: Final[Mapping[str, Row]] = {
    "fields": {"name": "", "path": ""},
    "conditions": {"group": "all", "path": "", "comparison": "equals", "operand": ""},
    "tasks": {"name": "", "type": "email", "failFirst": "0", "failProbability": "0"}
    | {"settings": "", "id": ""},
}
DELAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "fixed": ("seconds",),
    "uniform": ("lowSeconds", "highSeconds"),
    "lognormal": ("medianSeconds", "p95Seconds"),
    "queue": ("workers", "serviceSeconds"),
    "measured": ("measured",),
}
"""The numbers of each kind of delay, by the names of their fields."""

COMPARISONS: Final = (
    *("equals", "notEquals", "contains", "exists"),
    *("lessThan", "atMost", "greaterThan", "atLeast"),
)
_NUMBER: Final = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_ROW: Final = re.compile(r"([a-z]+)-([0-9]{1,6})-", re.ASCII)
_SWITCHES: Final = ("requireAuthentication", "retryTasks")


@dataclass
class Typed:
    """What is typed into the form.

    Attributes:
        single: the fields that there are once, by name; those of the delay begin with ``delay-``.
        rows: the rows of each group.
        conditions_json: the conditions as JSON, where rows cannot show them; else None.
    """

    single: dict[str, str]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    conditions_json: str | None = None

    def without_blank_rows(self) -> "Typed":
        """Return the same without the rows into which nothing was typed."""
        rows = {
            group: [row for row in found if row != NEW_ROWS[group]]
            for group, found in self.rows.items()
        }
        return Typed(self.single, rows, self.conditions_json)


def typed_in(form: Mapping[str, str]) -> Typed:
    """Return what a form was sent with; line breaks are those of JSON texts, so none is lost."""
    numbers: dict[str, set[int]] = {group: set() for group in GROUPS}
    for name in form:
        if (found := _ROW.match(name)) and found[1] in GROUPS:
            numbers[found[1]].add(int(found[2]))
    rows = {
        group: [
            {column: form.get(f"{group}-{number}-{column}", "") for column in columns}
            for number in sorted(numbers[group])
        ]
        for group, columns in GROUPS.items()
    }
    single = {name: form.get(name, "") for name in ("state", "name", "onTaskFailure", *_SWITCHES)}
    delays = (f"delay-{name}" for name in ("kind", *_delay_fields()))
    single |= {name: form.get(name, "") for name in delays}
    return Typed(single, rows, form.get("conditions-json"))


def typed_of(settings: Mapping[str, Any]) -> Typed:
    """Return how a form shows all settings of a workflow, camelCase."""
    delay = settings["delay"]
    single = {
        "state": "enabled",
        "name": settings["name"],
        "onTaskFailure": settings["onTaskFailure"],
        **{name: "true" if settings[name] else "" for name in _SWITCHES},
        **{f"delay-{name}": "" for name in _delay_fields()},
        "delay-kind": delay["kind"],
        **{f"delay-{name}": text for name, text in _delay_texts(delay).items()},
    }
    conditions = _condition_rows(settings["conditions"])
    rows = {
        "fields": [dict(one) for one in settings["fields"]],
        "conditions": conditions or [],
        "tasks": [_task_row(task) for task in settings["tasks"]],
    }
    return Typed(
        single, rows, None if conditions is not None else json_text(settings["conditions"])
    )


def document_of(typed: Typed) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the settings that the form means, and what is wrong with texts that are to be JSON.

    Returns:
        The camelCase document without its state, and the reasons by field. The reasons are not all:
        the document is still to be judged.
    """
    reasons: dict[str, str] = {}

    def read(name: str, text: str) -> Any:  # noqa: ANN401  any JSON value
        try:
            return value_of(text) if text.strip() else {}
        except NotTakenError as error:
            reasons[name] = str(error)
            return {}

    single = typed.single
    document = {
        "name": single["name"],
        **{name: single[name] == "true" for name in _SWITCHES},
        "onTaskFailure": single["onTaskFailure"],
        "delay": _delay(single),
        "fields": [dict(row) for row in typed.rows["fields"]],
        "conditions": _conditions(typed.rows["conditions"]),
        "tasks": [
            _task(row) | {"settings": read(f"tasks-{place}-settings", row["settings"])}
            for place, row in enumerate(typed.rows["tasks"])
        ],
    }
    if typed.conditions_json is not None:
        document["conditions"] = read("conditions-json", typed.conditions_json)
    return document, reasons


def number(text: str) -> Any:  # noqa: ANN401  a number, or the text itself
    """Return the number that a text is, or the text itself."""
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        return text
    return int(stripped) if stripped.lstrip("-").isdecimal() else float(stripped)


def _delay_fields() -> tuple[str, ...]:
    return tuple(name for names in DELAYS.values() for name in names)


def _delay_texts(delay: Mapping[str, Any]) -> Row:
    if delay["kind"] == "measured":
        return {"measured": ", ".join(map(json.dumps, delay["seconds"]))}
    return {name: json.dumps(delay[name]) for name in DELAYS[delay["kind"]]}


def _delay(single: Mapping[str, str]) -> dict[str, Any]:
    kind = single["delay-kind"]
    if kind == "measured":
        parts = [part for part in single["delay-measured"].split(",") if part.strip()]
        return {"kind": kind, "seconds": [number(part) for part in parts]}
    typed = {name: single[f"delay-{name}"] for name in DELAYS.get(kind, ())}
    return {"kind": kind} | {name: number(text) for name, text in typed.items() if text.strip()}


def _condition_rows(conditions: Mapping[str, Any]) -> list[Row] | None:
    """Return a row for each condition; None where rows cannot show them, such as nested ones."""
    rows = []
    for group, members in conditions.items():
        for member in members:
            if not member.keys() & {"path"}:
                return None
            ((comparison, value),) = ((key, one) for key, one in member.items() if key != "path")
            row = {"group": group, "path": member["path"], "comparison": comparison}
            rows.append(row | {"operand": operand_text(value)})
        if not members:
            return None
    return rows


def _conditions(rows: list[Row]) -> dict[str, Any]:
    conditions: dict[str, Any] = {}
    for row in rows:
        member = {"path": row["path"], row["comparison"]: operand(row["operand"])}
        conditions.setdefault(row["group"], []).append(member)
    return conditions


def _task_row(task: Mapping[str, Any]) -> Row:
    return {
        "name": task["name"],
        "type": task["type"],
        "settings": json_text(task["settings"]) if task["settings"] else "",
        "failFirst": json.dumps(task["failFirst"]),
        "failProbability": json.dumps(task["failProbability"]),
        "id": task.get("id", ""),
    }


def _task(row: Row) -> dict[str, Any]:
    numbers = {name: number(row[name]) for name in ("failFirst", "failProbability")}
    ids = {"id": row["id"]} if row["id"] else {}
    return {"name": row["name"], "type": row["type"], **numbers, **ids}


def with_row_change(typed: Typed, action: str) -> Typed | None:
    """Return the same with a row more or less; None where a button means something else.

    Args:
        typed: what is typed.
        action: ``add:GROUP`` or ``remove:GROUP:NUMBER``.
    """
    verb, _, rest = action.partition(":")
    group, _, number_text = rest.partition(":")
    if group not in GROUPS or verb not in ("add", "remove"):
        return None
    rows = list(typed.rows[group])
    if verb == "add":
        rows.append(dict(NEW_ROWS[group]))
    elif number_text.isdecimal() and int(number_text) < len(rows):
        del rows[int(number_text)]
    return Typed(typed.single, {**typed.rows, group: rows}, typed.conditions_json)
