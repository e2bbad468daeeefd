"""Faults as the page has them: the kinds with their explanations, and a form's fault. No HTML."""

from collections.abc import Mapping
from typing import Any, Final

from mock_qualtrics.faults import KINDS
from mock_qualtrics.faults.effects import Fault
from mock_qualtrics.faults.kinds_of_schema import conditions, properties, required
from mock_qualtrics.web.pages.controls.fields import Field, number_or_text, plain, words

_ENDS: Final = {"0": "from", "1": "up to"}
_COMMON: Final = ("kind", "when")


def kinds(*, wire_faults: bool) -> list[dict[str, Any]]:
    """Return all kinds in order: what each does, what it finds, and whether it can be added."""
    return [
        {
            "name": kind.name,
            "does": plain(kind.does),
            "finds": kind.finds,
            "offered": wire_faults or not kind.breaks_connection,
        }
        for kind in KINDS.values()
    ]


def fields(
    kind: str, given: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the form for a kind: its settings, and the conditions of which one is chosen."""
    given, errors = given or {}, errors or {}
    needed = required(kind)

    def field(name: str, label: str, said: Mapping[str, Any], *, must: bool) -> Field:
        choices = tuple(map(str, said.get("enum", ())))
        told = given.get(name, ""), errors.get(name, "")
        return Field(name, label, plain(said.get("description", "")), *told, choices, required=must)

    settings = [
        field(name, words(name), said, must=name in needed)
        for name, said in properties(kind).items()
        if name not in _COMMON
    ]
    when = [
        {
            "name": name,
            "help": said.get("description", ""),
            "fields": [field(place, label, {}, must=False) for place, label in _places(name, said)],
        }
        for name, said in conditions().items()
    ]
    chosen = given.get("condition") or next(iter(conditions()))
    return {"settings": settings, "conditions": when, "condition": chosen, "error": errors.get("")}


def fault_of(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the fault that a form describes; the schema judges it."""
    kind, condition = form.get("kind", ""), form.get("condition", "")
    names = properties(kind) if kind in KINDS else {}
    given = {name: form[name] for name in names if name not in _COMMON and form.get(name)}
    settings = {name: number_or_text(value) for name, value in given.items()}
    return {"kind": kind, "when": _when(condition, form), **settings}


def _when(condition: str, form: Mapping[str, str]) -> dict[str, Any]:
    said = conditions().get(condition)
    if said is None:
        return {}
    values = [form.get(place, "") for place, _ in _places(condition, said)]
    if condition == "path":
        return {condition: values[0]}
    read = [number_or_text(value) for value in values]
    return {condition: read if len(read) > 1 else read[0]}


def _places(condition: str, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    if said.get("type") != "array":
        return [(f"when-{condition}", condition)]
    return [(f"when-{condition}-{end}", label) for end, label in _ENDS.items()]


def added(fault: Fault, met: int) -> dict[str, Any]:
    """Return a fault of a tenant as the list shows it, with how many calls it met."""
    mapping = fault.to_mapping()
    when = " ".join(
        f"{name} {value if not isinstance(value, list) else ' to '.join(map(str, value))}"
        for name, value in mapping["when"].items()
    )
    settings = [f"{name} {value}" for name, value in fault.settings.items()]
    first = mapping["when"].get("first")
    is_over = first is not None and met >= first
    shown = {"id": fault.id, "kind": fault.kind.name, "when": when, "met": met, "is_over": is_over}
    return {**shown, "settings": ", ".join(settings)}


def is_kind(name: str) -> bool:
    """Return whether there is such a kind of fault."""
    return name in KINDS
