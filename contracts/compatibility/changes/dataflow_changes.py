"""What a changed dataflow means for who receives its messages. Pure.

A change is safe where each profile that was exported still is, its message has all that it had, and
what every message had every message has.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from contracts.compatibility.changes.audience_changes import audience_changes
from contracts.compatibility.changes.change import Change, Whom
from contracts.compatibility.messages.mapped_dataflow import Attribute, Identity, MappedDataflow

Raw = Mapping[str, Any]

_WORKFLOW_PARAMETERS: Final = ("urlTokenId", "contextId", "userId", "brandId", "triggerId")
_TRIGGERS: Final = ("attribute_changes", "audience_changes", "identity_changes")


def dataflow_changes(old: Raw, new: Raw) -> Iterator[Change]:
    """Yield the changes between two valid dataflows; dates are ISO texts."""
    before, after = MappedDataflow.from_mapping(old), MappedDataflow.from_mapping(new)
    yield from _attributes(before, after)
    yield from _identities(before, after)
    yield from audience_changes(before.audiences, after.audiences)
    yield from _activation(old.get("activation", {}), new.get("activation", {}))
    yield from _consent(before, after, old, new)
    yield from _destination(old, new)


def _breaks(place: str, text: str) -> Change:
    return Change(place, text, Whom.RECEIVER)


def _attributes(old: MappedDataflow, new: MappedDataflow) -> Iterator[Change]:
    before = {attribute.target: attribute for attribute in old.attributes}
    after = {attribute.target: attribute for attribute in new.attributes}
    moved = {attribute.source: attribute.target for attribute in new.attributes}
    for target, attribute in before.items():
        place = f"attribute {target}"
        if target in after:
            yield from _attribute(place, attribute, after[target])
        else:
            now = moved.get(attribute.source)
            told = f": {attribute.source} is mapped to {now} now" if now else ""
            yield _breaks(place, f"no message has it any more{told}")
    for target in (target for target in after if target not in before):
        yield Change(f"attribute {target}", "messages may have it from now on")


def _attribute(place: str, old: Attribute, new: Attribute) -> Iterator[Change]:
    if old.source != new.source:
        text = f"it comes from {new.source} in place of {old.source}: its value may differ or lack"
        yield _breaks(place, text)
    if old.always_present and not new.always_present:
        yield _breaks(place, "it is no longer said to be always present: a message may lack it")
    if new.always_present and not old.always_present:
        yield Change(place, "it is said to be always present from now on")


def _identities(old: MappedDataflow, new: MappedDataflow) -> Iterator[Change]:
    if old.by_target != new.by_target:
        keys = ", ".join(dict.fromkeys(map(new.key_of, new.identities)))
        yield _breaks("identity_map_keys", f"the identity map has other keys now: {keys} (A-MSG-1)")
    before = {identity.source: identity for identity in old.identities}
    after = {identity.source: identity for identity in new.identities}
    for source, identity in before.items():
        place = f"identity {source}"
        if source not in after:
            text = "no message has it any more, and who has no other mapped one is not exported"
            yield _breaks(place, text)
        elif after[source].target != identity.target:
            text = f"its target is {after[source].target} in place of {identity.target}"
            yield _breaks(place, f"{text}: other ids are exported (A-MAP-2)")
    if before.keys() <= after.keys() and list(after)[: len(before)] != list(before):
        yield _breaks("identities", "their order: who has no _id is known by another identity")
    yield from _new_identities(old, new)


def _new_identities(old: MappedDataflow, new: MappedDataflow) -> Iterator[Change]:
    known = {identity.source for identity in old.identities}
    keys = {old.key_of(identity) for identity in old.identities}
    for identity in new.identities:
        if identity.source not in known:
            yield _new_identity(identity, new, keys)


def _new_identity(identity: Identity, new: MappedDataflow, keys: set[str]) -> Change:
    place = f"identity {identity.source}"
    if new.key_of(identity) in keys:
        return Change(place, "profiles that have only this one are exported too")
    had = " or ".join(sorted(keys))
    told = f"the message of a profile that has only this one has no {had} in its identityMap"
    return _breaks(place, told)


def _activation(old: Raw, new: Raw) -> Iterator[Change]:
    for name in _TRIGGERS:
        was, now = old.get(name, True), new.get(name, True)
        if was and not now:
            yield _breaks(f"activation {name}", "such changes are not exported any more (A-EXP-1)")
        elif now and not was:
            yield Change(f"activation {name}", "such changes are exported from now on (A-EXP-1)")


def _consent(before: MappedDataflow, after: MappedDataflow, old: Raw, new: Raw) -> Iterator[Change]:
    was, now = (raw.get("consent", {}).get("id_specific", True) for raw in (old, new))
    stricter = [f"{value} no longer grants an export" for value in before.granted
                if value not in after.granted]  # fmt: skip
    stricter += [f"{path} counts" for path in after.consent_paths
                 if path not in before.consent_paths]  # fmt: skip
    stricter += ["consents.idSpecific counts"] * (now and not was)
    for text in stricter:
        yield _breaks("consent", f"{text}: exits take the place of some messages (A-EXP-4)")
    is_same = _consents(before) == _consents(after) and was == now
    if not stricter and not is_same:
        yield Change("consent", "more profiles count as consenting (A-EXP-4)")


def _consents(flow: MappedDataflow) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(flow.granted), frozenset(flow.consent_paths)


def _destination(old: Raw, new: Raw) -> Iterator[Change]:
    if _named(old["url"]) != _named(new["url"]):
        text = "it names another workflow: the old one gets no message any more"
        yield _breaks("url", text)
    elif old["url"] != new["url"]:
        yield Change("url", "the same workflow is called at another address")
    if old["username"] != new["username"]:
        yield Change("username", "the token of another user is needed (A-AUTH-1)")


def _named(url: str) -> list[tuple[str, str]]:
    try:
        query = urlsplit(url).query
    except ValueError:
        return [("", url)]
    return [pair for pair in sorted(parse_qsl(query)) if pair[0] in _WORKFLOW_PARAMETERS]
