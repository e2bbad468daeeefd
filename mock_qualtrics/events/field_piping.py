"""Fields piped into a task's settings: ``~{aedj://fieldName}`` (Q-BODY-3). Pure."""

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
    """Return the fields that the event has, each the first value that its path finds (Q-BODY-2).

    Raises:
        PathFailedError: a path cannot be evaluated on the event.
    """
    found = ((name, path.values(event, work)) for name, path in fields)
    return {name: values[0] for name, values in found if values}


def pipe(
    settings: Mapping[str, Any],
    values: Mapping[str, Any],
    paths: Mapping[str, str],
    work: WorkBudget | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """Put fields' values where the settings name them, at any depth.

    Args:
        settings: any JSON; only texts are changed.
        values: the fields that the event has.
        paths: every field's JSONPath, for the reasons.
        work: what all tasks of the run share; without it, one of its own.

    Returns:
        The settings with what could be piped, and a reason for each field that could not.

    Raises:
        TooMuchWorkError: it would be more text than one event is worth.
    """
    reasons: list[str] = []
    allowance = work or WorkBudget()

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in values:
            return allowance.pipe(_text(values[name]))
        reasons.append(_why(name, paths))
        return match.group(0)

    return {key: _in_any(value, put) for key, value in settings.items()}, reasons


def _in_any(value: Any, put: Callable[[re.Match[str]], str]) -> Any:  # noqa: ANN401  any JSON
    if isinstance(value, str):
        return PIPED.sub(put, value)
    if isinstance(value, list):
        return [_in_any(item, put) for item in value]
    if isinstance(value, dict):
        return {key: _in_any(item, put) for key, item in value.items()}
    return value


def _why(name: str, paths: Mapping[str, str]) -> str:
    if name in paths:
        return f"the field {name} has no value: nothing at {paths[name]}"
    return f"the workflow has no field {name}"


def _text(value: Any) -> str:  # noqa: ANN401  any JSON value
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
