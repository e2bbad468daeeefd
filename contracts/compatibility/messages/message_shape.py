"""The shape of all messages that a dataflow can make (A-MSG-1, A-MSG-2, A-MAP-3). Pure.

What a profile has nobody knows, so that only what the dataflow says is always present is always
there. :mod:`contracts.compatibility.messages.row_shape` knows the profile.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES
from contracts.compatibility.messages.mapped_dataflow import Attribute, MappedDataflow
from contracts.compatibility.shape import TEXT, Array, Member, Object, Scalar, Shape, Why

STATUSES: Final = ("realized", "exited")
ID_TEXT: Final = Scalar(frozenset({TEXT}), what="an id, which is a text")
IDENTITY: Final = Object({"id": Member(ID_TEXT)}, never_empty=True)
QUALIFIED_AT: Final = Scalar(frozenset({TEXT}), what="an instant, which is a text")


def message_shape(flow: MappedDataflow) -> Object:
    """Return the shape of every message that a dataflow can make."""
    return whole_message(flow, _attribute, _identity_map(flow), _segment_membership(flow))


def whole_message(
    flow: MappedDataflow,
    attribute: Callable[[Attribute], Member],
    identity_map: Shape,
    segment_membership: Member,
) -> Object:
    """Return a message's shape from its three parts (A-MSG-1).

    Args:
        flow: the dataflow's mapping.
        attribute: makes the member of one mapped attribute.
        identity_map: at least one key, with at least one identity (A-MAP-2).
        segment_membership: the member of that name.
    """
    tree = Tree()
    for mapping in flow.attributes:
        tree.put(mapping.target.split("."), attribute(mapping))
    return Object(
        {
            **tree.members(),
            "identityMap": Member(identity_map),
            "segmentMembership": segment_membership,
        },
        never_empty=True,
    )


class Tree:
    """Attributes by their targets: an object is there as soon as one attribute in it is."""

    def __init__(self) -> None:
        self.leaves: dict[str, Member] = {}
        self._children: dict[str, Tree] = {}

    def put(self, path: Iterable[str], member: Member) -> None:
        """Put an attribute at its target; no target is the parent of another one."""
        *parents, leaf = path
        node = self
        for name in parents:
            node = node.child(name)
        node.leaves[leaf] = member

    def child(self, name: str) -> "Tree":
        """Return the object of that name in it, a new one where there is none yet."""
        return self._children.setdefault(name, Tree())

    def members(self) -> dict[str, Member]:
        """Return the members of the object that the tree is."""
        parents = {name: _parent(name, tree.members()) for name, tree in self._children.items()}
        return {**self.leaves, **parents}


def _parent(name: str, members: Mapping[str, Member]) -> Member:
    presences = {member.presence for member in members.values()}
    shape = Object(members, never_empty=True)
    if ALWAYS in presences:
        return Member(shape)
    whys = [member.why for member in members.values() if member.why]
    if presences == {NEVER}:
        return Member(shape, NEVER, whys[0])
    several = Why("optional", f"no attribute in {name} is always there")
    return Member(shape, SOMETIMES, whys[0] if len(members) == 1 else several)


def _attribute(mapping: Attribute) -> Member:
    if mapping.always_present:
        return Member(Scalar(what=f"the attribute {mapping.target}, a plain value"))
    said = "is not said to be always_present"
    why = Why("optional", f"a profile may lack {mapping.source}, which {said}")
    return Member(Scalar(what=f"the attribute {mapping.target}, a plain value"), SOMETIMES, why)


def _identity_map(flow: MappedDataflow) -> Object:
    keys = list(dict.fromkeys(map(flow.key_of, flow.identities)))
    identities = Array((IDENTITY,), IDENTITY)
    several = Why("one-of-several", f"a profile needs one identity only, of {', '.join(keys)}")
    presence, why = (ALWAYS, None) if len(keys) == 1 else (SOMETIMES, several)
    members = {key: Member(identities, presence, why) for key in keys}
    return Object(with_other_keys(flow, members), never_empty=True)


def with_other_keys(flow: MappedDataflow, members: Mapping[str, Member]) -> dict[str, Member]:
    """Return the identity map's members, with the keys that the other setting would give."""
    used, kind = ("target", "targets") if flow.by_target else ("source", "namespaces")
    keys = ", ".join(dict.fromkeys(map(flow.key_of, flow.identities)))
    told = f'its keys are {kind} (identity_map_keys is "{used}")'
    why = Why("identity-key", f"$.identityMap has only {keys}: {told}")
    others = {i.source if flow.by_target else i.target for i in flow.identities}
    never = Member(Array((IDENTITY,), IDENTITY), NEVER, why)
    return {**dict.fromkeys(sorted(others - members.keys()), never), **members}


def _segment_membership(flow: MappedDataflow) -> Member:
    if not flow.audiences:
        return without_audiences()
    others = Why("membership", "a profile may be in another mapped audience only")
    presence, several = (ALWAYS, None) if len(flow.audiences) == 1 else (SOMETIMES, others)
    members = {a.id: Member(membership_shape(), presence, several) for a in flow.audiences}
    why = Why(
        "membership",
        "the message of an update has none where the source names no audience (A-EXP-2)",
    )
    return Member(people_audiences(members), SOMETIMES, why)


def without_audiences() -> Member:
    """Return the member of a dataflow that maps no audience."""
    shape = people_audiences({})
    return Member(shape, NEVER, Why("unmapped", "the dataflow maps no audience"))


def people_audiences(members: Mapping[str, Member]) -> Object:
    """Return the shape of ``segmentMembership``, which has people audiences only (A-EXP-5)."""
    return Object({"ups": Member(Object(members, never_empty=True))}, never_empty=True)


def membership_shape(statuses: tuple[str, ...] = STATUSES) -> Object:
    """Return the shape of one membership (A-MSG-2)."""
    status = Scalar(frozenset({TEXT}), statuses, "a status, which is realized or exited")
    return Object(
        {"lastQualificationTime": Member(QUALIFIED_AT), "status": Member(status)},
        never_empty=True,
    )
