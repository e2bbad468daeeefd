"""Pipe fields into a task's settings: ``~{aedj://fieldName}`` (Q-BODY-3). Pure."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.work_budget import WorkBudget

PIPED = re.compile(r"~\{aedj://([^{}\s]+)\}")


def pick(
    fields: Sequence[tuple[str, Path]],
    event: Any,  # noqa: ANN401  any JSON value
    work: WorkBudget | None = None,
) -> dict[str, Any]:
    """Return the fields that the event has, each with the first value at its path (Q-BODY-2).

    Raises:
        PathFailedError: a path cannot be evaluated on the event.
    """
    values_by_name = ((name, path.values(event, work)) for name, path in fields)
    return {name: values[0] for name, values in values_by_name if values}


def pipe(
    settings: Mapping[str, Any],
    values: Mapping[str, Any],
    paths: Mapping[str, str],
    work: WorkBudget | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """Replace the references to fields in the settings, at any depth, by the fields' values.

    Args:
        settings: any JSON; only strings are changed.
        values: the fields that the event has.
        paths: the JSONPath of every field, for the reasons.
        work: the budget that all tasks of the run share; a new one by default.

    Returns:
        The settings with the values piped in, and a reason for each field that has no value.

    Raises:
        TooMuchWorkError: the piped text exceeds the budget.
    """
    reasons: list[str] = []
    budget = work or WorkBudget()

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in values:
            return budget.pipe(_text(values[name]))
        reasons.append(no_value(name, paths))
        return match.group(0)

    return {key: _replaced(value, replace) for key, value in settings.items()}, reasons


def _replaced(value: Any, replace: Callable[[re.Match[str]], str]) -> Any:  # noqa: ANN401  any JSON
    if isinstance(value, str):
        return PIPED.sub(replace, value)
    if isinstance(value, list):
        return [_replaced(item, replace) for item in value]
    if isinstance(value, dict):
        return {key: _replaced(item, replace) for key, item in value.items()}
    return value


def no_value(name: str, paths: Mapping[str, str]) -> str:
    """Return why a field has no value, given the JSONPath of every field."""
    if name in paths:
        return f"the field {name} has no value: nothing at {paths[name]}"
    return f"the workflow has no field {name}"


def _text(value: Any) -> str:  # noqa: ANN401  any JSON value
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
