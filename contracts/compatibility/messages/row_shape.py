"""The shape of the messages that one known profile can make, whatever was exported before. Pure.

Attributes and identities are then known. Of its audiences the profile's own statuses are, and an
exit may be added of one in which it was exported before (A-EXP-1).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES
from contracts.compatibility.messages.mapped_dataflow import Attribute, MappedDataflow
from contracts.compatibility.messages.message_shape import (
    ID_TEXT,
    STATUSES,
    membership_shape,
    people_audiences,
    whole_message,
    with_other_keys,
    without_audiences,
)
from contracts.compatibility.messages.profile_values import (
    attribute_at,
    identities_of,
    may_be_opted_out,
    statuses_of,
)
from contracts.compatibility.shape import Array, Member, Object, Scalar, Shape, Why, constant


def row_shape(flow: MappedDataflow, profile: Mapping[str, Any]) -> Object | None:
    """Return the shape of the messages that a profile can make; None if it can make none."""
    ids = identities_of(flow, profile)
    if not ids:
        return None

    def attribute(mapping: Attribute) -> Member:
        what = f"the attribute {mapping.target}, a plain value"
        found = attribute_at(profile, mapping.source)
        if found.value is None:
            return Member(Scalar(what=what), NEVER, Why(found.code, f"it {found.text}"))
        return Member(constant(found.value, what))

    return whole_message(
        flow, attribute, _identity_map(flow, ids), _segment_membership(flow, profile)
    )


def _identity_map(flow: MappedDataflow, ids: Mapping[str, list[str | None]]) -> Object:
    known = {key: Member(Array(tuple(map(_identity, texts)))) for key, texts in ids.items()}
    absent = {
        key: Member(Array(()), NEVER, Why("optional", f"it has no {identity.source} identity"))
        for identity in flow.identities
        if (key := flow.key_of(identity)) not in known
    }
    return Object(with_other_keys(flow, {**absent, **known}), never_empty=True)


def _identity(text: str | None) -> Shape:
    return Object({"id": Member(ID_TEXT if text is None else constant(text, ID_TEXT.what))})


def _segment_membership(flow: MappedDataflow, profile: Mapping[str, Any]) -> Member:
    if not flow.audiences:
        return without_audiences()
    told = statuses_of(flow, profile)
    lasting = flow.lasting_audiences()
    in_doubt = may_be_opted_out(flow, profile)
    members = {
        audience.id: _membership(
            told.get(audience.id), is_lasting=audience.id in lasting, in_doubt=in_doubt
        )
        for audience in flow.audiences
    }
    shape = people_audiences(members)
    if lasting.isdisjoint(told):
        return Member(shape, SOMETIMES, Why("membership", "it tells of no audience at all times"))
    return Member(shape)


@lru_cache(maxsize=64)
def _membership(status: str | None, *, is_lasting: bool, in_doubt: bool) -> Member:
    if in_doubt:
        why = Why("excluded", "its consent may be withdrawn, which is exported as exits (A-EXP-4)")
        return Member(membership_shape(STATUSES), SOMETIMES, why)
    if status is None:
        why = Why("optional", "it has no status for it, so that at most an exit is exported")
        return Member(membership_shape(("exited",)), SOMETIMES, why)
    if not is_lasting:
        why = Why("excluded", "the audience is not exported outside its dates (A-EXP-6)")
        return Member(membership_shape((status,)), SOMETIMES, why)
    return Member(membership_shape((status,)), ALWAYS)
