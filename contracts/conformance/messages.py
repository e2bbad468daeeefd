"""The profiles of a scenario, and the messages that a correct connector makes of them. Pure.

A small model of the destination's mapping (A-MAP-1 to A-MAP-3, A-MSG-1): it knows what scenarios
use of a dataflow, not all that a dataflow may say.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from contracts.conformance.scenario import Scenario

Json = dict[str, Any]

AUDIENCE: Final = "046456e3b-18e1-48a6-9bda-d68547861283"
ENTERED: Final = "2026-01-05T10:00:00.000000Z"
_HASHED: Final = re.compile(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128}")


def profiles_of(scenario: Scenario, dataflow: Mapping[str, Any]) -> list[Json]:
    """Return the scenario's source profiles: those that are made, then those that are given."""
    made = [_made(number) for number in range(1, scenario.sample_count + 1)]
    if scenario.message_bytes is not None:
        for profile in made[-(scenario.padded_count or len(made)) :]:
            _pad(profile, dataflow, scenario.message_bytes)
    return [*made, *map(dict, scenario.profiles)]


def messages_of(profiles: list[Json], dataflow: Mapping[str, Any]) -> list[Json]:
    """Return the message of each profile that is exported, in their order."""
    messages = (message_of(profile, dataflow) for profile in profiles)
    return [message for message in messages if message is not None]


def message_of(profile: Json, dataflow: Mapping[str, Any]) -> Json | None:
    """Return the message of a profile; None when it is not exported.

    It is not without an identity (A-MAP-2), nor as a member of no mapped audience (A-EXP-1).
    """
    message: Json = {}
    for mapping in dataflow.get("attributes", ()):
        value = _at(profile, mapping["source"])
        if isinstance(value, str | int | float):
            _put(message, mapping["target"], value)
    identities = dict(_identities(profile, dataflow))
    memberships = _memberships(profile, dataflow)
    if not identities or not _is_member(memberships, dataflow):
        return None
    message["identityMap"] = identities
    if memberships:
        message["segmentMembership"] = {"ups": memberships}
    return message


def line_of(message: object) -> str:
    """Return a message, or a profile, as one line of JSON.

    With a blank behind each comma and colon, so that hardly any connector that writes its JSON anew
    makes a longer body of it.
    """
    return json.dumps(message, ensure_ascii=False)


def _made(number: int) -> Json:
    return {
        "_id": f"person-{number:05}",
        "person": {"name": {"firstName": f"Person {number}", "lastName": "Example"}},
        "loyalty": {"points": number},
        "identityMap": {"Email": [{"id": f"person-{number:05}@example.com"}]},
        "segmentMembership": {
            "ups": {AUDIENCE: {"lastQualificationTime": ENTERED, "status": "realized"}}
        },
    }


def _pad(profile: Json, dataflow: Mapping[str, Any], size: int) -> None:
    """Make the last name as long as it takes for the message to have that many bytes."""
    missing = size - len(line_of(message_of(profile, dataflow)).encode())
    profile["person"]["name"]["lastName"] += "x" * missing


def _identities(profile: Json, dataflow: Mapping[str, Any]) -> Iterator[tuple[str, list[Json]]]:
    for mapping in dataflow["identities"]:
        given = profile.get("identityMap", {}).get(mapping["source"], ())
        kept = [{"id": each["id"]} for each in given if _is_exported(each["id"], mapping)]
        if kept:
            yield mapping["source"], kept


def _is_exported(identity: str, mapping: Mapping[str, str]) -> bool:
    return mapping["target"] != "email" or not _HASHED.fullmatch(identity)


def _memberships(profile: Json, dataflow: Mapping[str, Any]) -> Json:
    members = profile.get("segmentMembership", {}).get("ups", {})
    mapped = [audience["id"] for audience in dataflow.get("audiences", ())]
    return {audience: members[audience] for audience in mapped if audience in members}


def _is_member(memberships: Json, dataflow: Mapping[str, Any]) -> bool:
    statuses = [membership["status"] for membership in memberships.values()]
    return "realized" in statuses or not dataflow.get("audiences")


def _at(profile: Json, path: str) -> Any:  # noqa: ANN401  any JSON value
    value: Any = profile
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _put(message: Json, path: str, value: object) -> None:
    *parents, last = path.split(".")
    for name in parents:
        message = message.setdefault(name, {})
    message[last] = value
