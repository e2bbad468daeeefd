"""Dataflows, as parsed files."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from contracts.strategies.audience_values import (
    FIRST_DAY,
    LAST_DAY,
    MANY_AUDIENCES,
    audience_ids,
)
from contracts.strategies.sizes import MOST_ATTRIBUTES, MOST_AUDIENCES, seldom
from contracts.strategies.values import (
    JsonObject,
    Objects,
    dotted_paths,
    lists_of_namespaces,
    texts,
    trigger_urls,
    usernames,
)

# Hypothesis validates a strategy when it is first drawn from. Made anew for each draw, a strategy
# costs several times what its examples cost, so each is made once.


@cache
@st.composite
def dataflows(draw: st.DrawFn) -> JsonObject:
    """A dataflow as a parsed file, with dates as ISO texts.

    No attribute's target is the parent of another one, no namespace or audience is mapped twice,
    and no audience ends before it starts. Some attributes are said to be always present. A few
    dataflows have 50 attributes, or 250 audiences.
    """
    return {
        "name": draw(texts(min_size=1)),
        "description": draw(texts()),
        "url": draw(trigger_urls()),
        "username": draw(usernames()),
        "attributes": draw(_attributes()),
        "identities": [
            {"source": source, "target": draw(st.sampled_from(["email", "external_id"]))}
            for source in draw(lists_of_namespaces(min_size=1, max_size=3))
        ],
        "audiences": draw(_audiences()),
        "identity_map_keys": draw(st.sampled_from(["source", "target"])),
        "activation": draw(_activations()),
    }


@cache
@st.composite
def _attributes(draw: st.DrawFn) -> list[JsonObject]:
    targets = _without_parents(draw(_lists_of_targets()))
    attributes = [
        {"source": draw(dotted_paths()), "target": target, **draw(_words_of_presence())}
        for target in targets
    ]
    if draw(seldom()):
        taken = {target.split(".")[0] for target in targets}
        names = (f"attribute-{number}" for number in range(2 * MOST_ATTRIBUTES))
        free = [name for name in names if name not in taken]
        missing = free[: MOST_ATTRIBUTES - len(targets)]
        attributes += [{"source": f"many.{name}", "target": name} for name in missing]
    return attributes


@cache
def _words_of_presence() -> Objects:
    return st.fixed_dictionaries({}, optional={"always_present": st.booleans()})


@cache
def _lists_of_targets() -> st.SearchStrategy[list[str]]:
    return st.lists(dotted_paths(), max_size=6, unique=True)


@cache
@st.composite
def _audiences(draw: st.DrawFn) -> list[JsonObject]:
    audiences = draw(st.lists(_dated_audiences(), max_size=4, unique_by=lambda a: a["id"]))
    if draw(seldom()):
        taken = {audience["id"] for audience in audiences}
        more = [{"id": i} for i in MANY_AUDIENCES if i not in taken]
        audiences += more[: MOST_AUDIENCES - len(audiences)]
    return audiences


@cache
@st.composite
def _dated_audiences(draw: st.DrawFn) -> JsonObject:
    audience = {"id": draw(audience_ids())}
    days = sorted(draw(_pairs_of_days()))
    for key, day in zip(("start_date", "end_date"), days, strict=True):
        if draw(st.booleans()):
            audience[key] = day.isoformat()
    return audience


@cache
def _pairs_of_days() -> st.SearchStrategy[list[date]]:
    return st.lists(st.dates(FIRST_DAY, LAST_DAY), min_size=2, max_size=2)


@cache
def _activations() -> Objects:
    names = ("attribute_changes", "audience_changes", "identity_changes")
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, st.booleans()))


def parsed_dataflow(dataflow: object) -> Mapping[str, Any]:
    """Return the dataflow that a strategy was given; an empty one for None.

    Raises:
        TypeError: it is no parsed dataflow; says what was found, and what was perhaps meant.
    """
    if dataflow is None or isinstance(dataflow, Mapping):
        return dataflow or {}
    if isinstance(dataflow, st.SearchStrategy):
        raise TypeError(
            "dataflow: found a strategy, expected one dataflow: dataflows().flatmap(profiles)"
        )
    raise TypeError(
        f"dataflow: found a {type(dataflow).__name__}, expected a parsed dataflow, a dict as "
        "tomllib.load returns it"
    )


def _without_parents(paths: list[str]) -> list[str]:
    return [path for path in paths if not any(other.startswith(f"{path}.") for other in paths)]
