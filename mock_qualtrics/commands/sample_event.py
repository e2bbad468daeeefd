"""Make a sample event for a workflow; ``serve`` prints it in a curl line. Pure.

The event has a value at every plain path (members and ``*`` only) of the workflow's conditions and
fields. It does not always meet the conditions.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = Any

_FOR_ANY_WORKFLOW = {"person": {"name": {"firstName": "Dave"}}}
_SAMPLES = {"firstName": "Dave", "email": "dave@example.com"}
# Not compiled on import: most workflows have no path, and `serve` must start quickly.
_PLAIN = r"(?a)\$(\.[A-Za-z_]\w*|\.\*|\[\*\]|\['[^'\\]+'\])+"
_STEPS = r"(?a)\['([^']+)'\]|([A-Za-z_]\w*|\*)"
_ANY_MEMBER = "example"
_MOST_STEPS = 100  # a deeper event could not be printed
_OFFSETS = {"greaterThan": 1, "lessThan": -1}  # for comparisons that the operand does not meet


def sample_event(workflow: Mapping[str, Json]) -> dict[str, Json]:
    """Return an event with the values that plain paths of conditions and fields look for.

    Args:
        workflow: the workflow's settings, camelCase.
    """
    event: dict[str, Json] = {}
    for path, value in (*_by_conditions(workflow["conditions"]), *_by_fields(workflow)):
        if re.fullmatch(_PLAIN, path):
            steps = ["".join(step) for step in re.findall(_STEPS, path)]
            if len(steps) <= _MOST_STEPS:
                _put(event, steps, value)
    return event or _FOR_ANY_WORKFLOW


def _by_conditions(condition: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for name, operand in condition.items():
        if name in ("all", "any"):
            for member in operand:
                yield from _by_conditions(member)
        elif name not in ("path", "notEquals") and (name, operand) != ("exists", False):
            yield condition["path"], _value_for(name, operand)


def _value_for(name: str, operand: Json) -> Json:
    if name == "exists":
        return "sample"
    if name in _OFFSETS and isinstance(operand, int | float):
        return operand + _OFFSETS[name]
    return operand


def _by_fields(workflow: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for field in workflow["fields"]:
        yield field["path"], _SAMPLES.get(field["name"], f"sample {field['name']}")


def _put(event: dict[str, Json], steps: list[str], value: Json) -> None:
    """Put a value at a path, unless there is one already, there or on the way to it."""
    *parents, last = [_ANY_MEMBER if step == "*" else step for step in steps]
    target: Json = event
    for step in parents:
        target = target.setdefault(step, {}) if isinstance(target, dict) else None
    if isinstance(target, dict):
        target.setdefault(last, value)
