"""Each strategy can reach the corners that break connectors."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import Phase, find, settings
from hypothesis import strategies as st

from contracts.strategies import (
    DEEPEST_NAMES,
    MOST_ATTRIBUTES,
    MOST_AUDIENCES,
    dataflows,
    messages,
    profiles,
    workflows,
)

# Enough that one example in twelve is missed by no luck; what was found is not made smaller.
SEARCH = settings(
    max_examples=400, phases=(Phase.generate,), database=None, derandomize=True, deadline=None
)
BEYOND_THE_BASIC_PLANE = 0x10000
MAPPED = [f"mapped-{number}" for number in range(MOST_AUDIENCES)]
MAPPED_PROFILES = profiles({"audiences": [{"id": name} for name in MAPPED]})


def texts_in(value: object) -> Iterator[str]:
    """Yield every text in a JSON value, names of objects too."""
    if isinstance(value, str):
        yield value
    for inner in value if isinstance(value, list) else ():
        yield from texts_in(inner)
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield name
        yield from texts_in(inner)


def has_astral(value: object) -> bool:
    return any(ord(c) >= BEYOND_THE_BASIC_PLANE for text in texts_in(value) for c in text)


def has_empty_text(value: object) -> bool:
    return "" in texts_in(value)


def depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0) if isinstance(value, dict | list) else 0


def is_deep(value: object) -> bool:
    return depth(value) >= DEEPEST_NAMES


def has_a_deep_path(flow: dict[str, Any]) -> bool:
    return any(a["target"].count(".") + 1 >= DEEPEST_NAMES for a in flow["attributes"])


def ups(value: dict[str, Any]) -> dict[str, Any]:
    return value.get("segmentMembership", {}).get("ups", {})


CORNERS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], bool]]] = {
    "profile, astral character": (profiles(), has_astral),
    "profile, empty name": (profiles(), has_empty_text),
    "profile, deep nesting": (profiles(), is_deep),
    "profile, 50 attributes": (profiles(), lambda p: len(p.get("many") or ()) >= MOST_ATTRIBUTES),
    "profile, 250 audiences": (profiles(), lambda p: len(ups(p)) >= MOST_AUDIENCES),
    "mapped profile, in 250 mapped audiences": (
        MAPPED_PROFILES,
        lambda p: set(MAPPED) <= set(ups(p)),
    ),
    "dataflow, astral character": (dataflows(), has_astral),
    "dataflow, empty text": (dataflows(), lambda flow: not flow["description"]),
    "dataflow, deep path": (dataflows(), has_a_deep_path),
    "dataflow, 50 attributes": (dataflows(), lambda f: len(f["attributes"]) == MOST_ATTRIBUTES),
    "dataflow, attribute that is always present, beside one that need not be": (
        dataflows(),
        lambda f: {bool(a.get("always_present")) for a in f["attributes"]} == {False, True},
    ),
    "dataflow, 250 audiences": (dataflows(), lambda f: len(f["audiences"]) == MOST_AUDIENCES),
    "message, astral character": (messages(), has_astral),
    "message, empty name": (messages(), lambda message: "" in message),
    "message, deep nesting": (messages(), is_deep),
    "message, 50 attributes": (messages(), lambda m: len(m) >= MOST_ATTRIBUTES),
    "message, 250 audiences": (messages(), lambda m: len(ups(m)) == MOST_AUDIENCES),
    "workflow, astral character": (workflows(), has_astral),
    "workflow, empty name in a path": (
        workflows(),
        lambda w: any(field["path"] == "$['']" for field in w.get("fields", ())),
    ),
    "workflow, nested conditions": (workflows(), lambda w: depth(w.get("conditions")) >= 6),
    "workflow, deep path": (
        workflows(),
        lambda w: any(f["path"].count("[") >= DEEPEST_NAMES for f in w.get("fields", ())),
    ),
    "workflow, 50 fields": (workflows(), lambda w: len(w.get("fields", ())) >= MOST_ATTRIBUTES),
    "workflow, a draft": (workflows(), lambda w: w.get("draft", False)),
}


@pytest.mark.parametrize("corner", CORNERS)
def test_a_corner_is_reached(corner):
    strategy, is_there = CORNERS[corner]
    assert find(strategy.map(is_there), bool, settings=SEARCH)
