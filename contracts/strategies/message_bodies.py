"""Exported messages: the bodies of trigger calls."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from contracts.strategies.audience_values import audience_ids, many_memberships, memberships
from contracts.strategies.sizes import DEEPEST_NAMES, MOST_ATTRIBUTES, seldom
from contracts.strategies.values import (
    RESERVED_NAMES,
    JsonObject,
    Objects,
    identities,
    identity_values,
    namespaces,
    scalars,
    texts,
)


@cache
@st.composite
def messages(draw: st.DrawFn) -> JsonObject:
    """An exported message: open attributes, at least one identity, people audiences (A-MSG-1).

    A few have 50 attributes, one that is nested 20 deep, or 250 audiences.
    """
    message = draw(_attributes())
    if draw(seldom()):
        message = {**_many(draw(scalars())), **message}
    if draw(seldom()):
        message["deep"] = draw(_deep_attributes())
    message["identityMap"] = draw(_identity_maps())
    if draw(st.booleans()):
        message["segmentMembership"] = {"ups": draw(_people_audiences())}
    return message


@cache
def _attributes() -> Objects:
    nested: st.SearchStrategy[Any] = st.recursive(
        scalars(),
        lambda inner: st.dictionaries(texts(), inner, min_size=1, max_size=3),
        max_leaves=5,
    )
    names = texts().filter(lambda name: name not in RESERVED_NAMES)
    return st.dictionaries(names, nested, max_size=4)


@cache
@st.composite
def _deep_attributes(draw: st.DrawFn) -> JsonObject:
    value: Any = draw(scalars())
    for number in range(DEEPEST_NAMES - 1):
        value = {f"level-{number}": value}
    deep: JsonObject = value
    return deep


def _many(value: object) -> JsonObject:
    return {f"attribute-{number}": value for number in range(MOST_ATTRIBUTES)}


@cache
def _identity_maps() -> Objects:
    lists = st.lists(identities(identity_values()), min_size=1, max_size=3)
    return st.dictionaries(namespaces(), lists, min_size=1, max_size=3)


@cache
@st.composite
def _people_audiences(draw: st.DrawFn) -> JsonObject:
    if draw(seldom()):
        return draw(many_memberships())
    return draw(_few_memberships())


@cache
def _few_memberships() -> Objects:
    return st.dictionaries(audience_ids(), memberships(), max_size=3)
