"""Profiles, as lines of a profile file."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from contracts.strategies.audience_values import (
    audience_ids,
    many_memberships,
    memberships,
    short_lists_of_memberships,
)
from contracts.strategies.dataflow_tables import parsed_dataflow
from contracts.strategies.sizes import MOST_ATTRIBUTES, seldom, some_of
from contracts.strategies.values import (
    JsonObject,
    attribute_values,
    dotted_paths,
    identities,
    identity_values,
    lists_of_namespaces,
    scalars,
    texts,
)


@st.composite
def profiles(
    draw: st.DrawFn, dataflow: Mapping[str, Any] | None = None, *, hashed_emails: bool = False
) -> JsonObject:
    """A profile as one line of a profile file.

    Args:
        draw: passed by Hypothesis, not by callers.
        dataflow: a dataflow whose mapped attributes, namespaces and audiences the profile often,
            but not always, has; without it, any. What it says is always present, a profile has,
            unless the sources contradict each other: one is a part of another's path.
        hashed_emails: whether identities may look like hashed e-mails, which are not exported.

    Returns:
        A strategy of profiles. Some lack a mapped identity, audience or attribute; a few have 50
        attributes under ``many``, or memberships in 250 audiences.
    """
    flow = parsed_dataflow(dataflow)
    profile: JsonObject = {}
    if draw(st.booleans()):
        profile["_id"] = draw(texts(min_size=1))
    attributes = flow.get("attributes", ())
    for source in (a["source"] for a in attributes if a.get("always_present")):
        _put(profile, source.split("."), draw(scalars()))
    paths = draw(some_of([a["source"] for a in attributes if not a.get("always_present")]))
    for path in [*paths, *draw(_lists_of_paths())]:
        _put(profile, path.split("."), draw(attribute_values()))
    if draw(seldom()):
        value = draw(scalars())
        for number in range(MOST_ATTRIBUTES):
            _put(profile, ["many", f"attribute-{number}"], value)
    profile["identityMap"] = draw(_identity_map(flow, hashed=hashed_emails))
    profile["segmentMembership"] = draw(_segment_membership(flow))
    return profile


@st.composite
def _identity_map(draw: st.DrawFn, flow: Mapping[str, Any], *, hashed: bool) -> JsonObject:
    chosen = draw(some_of([identity["source"] for identity in flow.get("identities", ())]))
    others = draw(lists_of_namespaces(max_size=2))
    lists = _lists_of_identities(hashed=hashed)
    return {namespace: draw(lists) for namespace in [*chosen, *others]}


@cache
def _lists_of_identities(*, hashed: bool) -> st.SearchStrategy[list[JsonObject]]:
    values = identity_values() | identity_values(hashed=True) if hashed else identity_values()
    return st.lists(identities(values, in_profile=True), min_size=1, max_size=3)


@st.composite
def _segment_membership(draw: st.DrawFn, flow: Mapping[str, Any]) -> JsonObject:
    chosen = draw(some_of([audience["id"] for audience in flow.get("audiences", ())]))
    ups: JsonObject = {i: draw(memberships()) for i in draw(_lists_of_audience_ids())}
    if draw(seldom()):
        ups |= draw(many_memberships())
    shared = draw(short_lists_of_memberships()) if chosen else []
    ups |= {i: dict(shared[n % len(shared)]) for n, i in enumerate(chosen)}
    membership: JsonObject = {"ups": ups}
    if draw(st.booleans()):
        membership["aam"] = {i: draw(memberships()) for i in [*chosen[:3], "elsewhere"]}
    return membership


@cache
def _lists_of_audience_ids() -> st.SearchStrategy[list[str]]:
    return st.lists(audience_ids(), max_size=2)


@cache
def _lists_of_paths() -> st.SearchStrategy[list[str]]:
    return st.lists(dotted_paths(), max_size=3)


def _put(tree: JsonObject, path: list[str], value: object) -> None:
    """Put a value at a path, unless a part of the path is not an object."""
    *parents, leaf = path
    for name in parents:
        inner = tree.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree.setdefault(leaf, value)
