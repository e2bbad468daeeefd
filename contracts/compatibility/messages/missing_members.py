"""Why no message has a member of a name, and what was perhaps meant (A-MAP-1, A-MSG-1). Pure."""

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import takewhile

from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.shape import Why
from contracts.violations import json_path

Parts = tuple[str | int, ...]


def why_missing(parts: Parts, names: Sequence[tuple[str, ...]], flow: MappedDataflow) -> Why:
    """Return why an object in a message never has a member.

    Args:
        parts: where the object is; it is there in some message.
        names: how the path goes on, step by step, each with one name or several to choose from.
        flow: the mapping that made the message.
    """
    first, place = " or ".join(map(_shown, names[0])), json_path(parts)
    match parts[:1]:
        case ("identityMap",) if len(parts) == 1:
            keys = ", ".join(dict.fromkeys(map(flow.key_of, flow.identities)))
            return Why("unmapped", f"no mapped identity has the key {first}: there is {keys}")
        case ("identityMap",):
            return Why("excluded", f"{place} has only its id: nothing else is exported (A-MSG-1)")
        case ("segmentMembership",):
            return _no_audience(parts, names[0], flow)
    if len(names[0]) > 1:
        targets = " or ".join(_dotted(parts) + _shown(name) for name in names[0])
        return Why("unmapped", f"no attribute has the target {targets}")
    single = takewhile(lambda step: len(step) == 1, names)
    return _no_attribute(parts, [step[0] for step in single], flow)


def _shown(name: str) -> str:
    return name or "''"


def _dotted(parts: Parts) -> str:
    """Return a place as the beginning of a target."""
    return "".join(f"{part}." for part in parts)


def _no_audience(parts: Parts, names: tuple[str, ...], flow: MappedDataflow) -> Why:
    first = " or ".join(map(_shown, names))
    match len(parts):
        case 1 if {audience.id for audience in flow.audiences}.issuperset(names):
            return Why("unmapped", f"the audience {first} is one level deeper, in ups (A-EXP-5)")
        case 1:
            return Why("excluded", f"people audiences (ups) are exported, not {first} (A-EXP-5)")
        case 2:
            return Why("unmapped", f"the audience {first} is not mapped")
    place = json_path(parts)
    return Why("excluded", f"{place} has only lastQualificationTime and status (A-MSG-2)")


def _no_attribute(parts: Parts, names: Sequence[str], flow: MappedDataflow) -> Why:
    dotted = _dotted(parts) + ".".join(map(_shown, names))
    targets = [attribute.target for attribute in flow.attributes]
    if dotted in targets:
        path = json_path(dotted.split("."))
        return Why("unmapped", f"no attribute's name has a dot in it: {path} is meant")
    hint = _moved(dotted, flow)
    if not hint:
        close = get_close_matches(dotted, targets)
        hint = f" (did you mean {close[0]}?)" if close else ""
    return Why("unmapped", f"no attribute has the target {dotted}{hint}")


def _moved(source: str, flow: MappedDataflow) -> str:
    """Return where a source, or the first one in it, is mapped to; empty if it is none."""
    for attribute in flow.attributes:
        if f"{attribute.source}.".startswith(f"{source}."):
            return f": {attribute.source} is mapped to {attribute.target}"
    return ""
