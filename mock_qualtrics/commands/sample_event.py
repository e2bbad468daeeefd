"""An event that a workflow has use for, which ``serve`` prints for a person to try. Pure.

It has a value wherever the workflow's conditions and fields look by a plain path, of members
and ``*``. Whether tasks run on it is the conditions' to say.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = Any

_FOR_ANY_WORKFLOW = {"person": {"name": {"firstName": "Dave"}}}
_SAMPLES = {"firstName": "Dave", "email": "dave@example.com"}
# Compiled when there is a path to read: most starts have none, and serve waits for this.
_PLAIN = r"(?a)\$(\.[A-Za-z_]\w*|\.\*|\[\*\]|\['[^'\\]+'\])+"
_STEPS = r"(?a)\['([^']+)'\]|([A-Za-z_]\w*|\*)"
_ANY_MEMBER = "example"
_OFF = {"greaterThan": 1, "lessThan": -1}  # what is compared so must not be the operand itself


def sample_event(workflow: Mapping[str, Json]) -> dict[str, Json]:
    """Return an event that meets the conditions and has the fields, as far as paths are plain.

    Args:
        workflow: its settings, camelCase.
    """
    event: dict[str, Json] = {}
    for path, value in (*_by_conditions(workflow["conditions"]), *_by_fields(workflow)):
        if re.fullmatch(_PLAIN, path):
            _put(event, ["".join(step) for step in re.findall(_STEPS, path)], value)
    return event or _FOR_ANY_WORKFLOW


def _by_conditions(condition: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for name, operand in condition.items():
        if name in ("all", "any"):
            for member in operand:
                yield from _by_conditions(member)
        elif name not in ("path", "notEquals") and (name, operand) != ("exists", False):
            yield condition["path"], _meeting(name, operand)


def _meeting(name: str, operand: Json) -> Json:
    if name == "exists":
        return "sample"
    return operand + _OFF[name] if name in _OFF and isinstance(operand, int | float) else operand


def _by_fields(workflow: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for field in workflow["fields"]:
        yield field["path"], _SAMPLES.get(field["name"], f"sample {field['name']}")


def _put(event: dict[str, Json], steps: list[str], value: Json) -> None:
    """Put a value where the steps lead, unless something is there or in the way."""
    *way, last = [_ANY_MEMBER if step == "*" else step for step in steps]
    place: Json = event
    for step in way:
        place = place.setdefault(step, {}) if isinstance(place, dict) else None
    if isinstance(place, dict):
        place.setdefault(last, value)
