"""Make a sample event for a workflow: what `serve` prints and the pages copy in a curl line. Pure.

The event has a value at every plain path (members and ``*`` only) of the workflow's conditions and
fields, and all that an exported message must have (A-MSG-1). It does not always meet the
conditions.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = Any

_FOR_ANY_WORKFLOW: Mapping[str, Json] = {"person": {"name": {"firstName": "Dave"}}}
_SAMPLES = {"firstName": "Dave", "email": "dave@example.com"}
# Not compiled on import: most workflows have no path, and `serve` must start quickly.
_PLAIN = r"(?a)\$(\.[A-Za-z_]\w*|\.\*|\[\*\]|\['[^'\\]+'\])+"
_STEPS = r"(?a)\['([^']+)'\]|([A-Za-z_]\w*|\*)"
_ANY_MEMBER = "example"
_IDENTITY = r"(?a)\$(?:\.|\[')identityMap(?:'\])?(?:\.([A-Za-z_]\w*|\*)|\['([^'\\]+)'\]|\[(\*)\])"
_MEMBERSHIP = {"lastQualificationTime": "2026-01-01T00:00:00.000000Z", "status": "realized"}
_MEMBERSHIP_FORMS = {
    "lastQualificationTime": r"(?a)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
    "status": "realized|exited",
}
_MOST_STEPS = 100  # a deeper event could not be printed
_OFFSETS = {"greaterThan": 1, "lessThan": -1}  # for comparisons that the operand does not meet


def sample_event(workflow: Mapping[str, Json]) -> dict[str, Json]:
    """Return an event with the values that plain paths of conditions and fields look for.

    Args:
        workflow: the workflow's settings, camelCase.
    """
    event: dict[str, Json] = {}
    identities: dict[str, Json] = {}
    for path, value in (*_by_conditions(workflow["conditions"]), *_by_fields(workflow)):
        if found := re.match(_IDENTITY, path):
            name = "".join(group or "" for group in found.groups()).replace("*", "Email")
            identities.setdefault(name, [{"id": value if isinstance(value, str) else "sample"}])
        elif re.fullmatch(_PLAIN, path):
            steps = ["".join(step) for step in re.findall(_STEPS, path)]
            if len(steps) <= _MOST_STEPS:
                _put(event, steps, value)
    if "segmentMembership" in event:
        event["segmentMembership"] = _memberships(event["segmentMembership"])
    identities = identities or {"Email": [{"id": _SAMPLES["email"]}]}
    return {**(event or _FOR_ANY_WORKFLOW), "identityMap": identities}


def _memberships(found: Json) -> dict[str, Json]:
    """Return memberships of audiences, each with all that it must have (A-MSG-2)."""
    audiences = found.get("ups") if isinstance(found, dict) else None
    named = audiences if isinstance(audiences, dict) else {_ANY_MEMBER: None}
    return {"ups": {name: _membership(members) for name, members in named.items()}}


def _membership(asked: Json) -> dict[str, Json]:
    given = asked if isinstance(asked, dict) else {}
    valid = {
        name: given[name]
        for name, form in _MEMBERSHIP_FORMS.items()
        if isinstance(given.get(name), str) and re.fullmatch(form, given[name])
    }
    return _MEMBERSHIP | valid


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
