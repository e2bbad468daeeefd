"""Workflows, as tables of a workflows file."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final

from hypothesis import strategies as st

from contracts.strategies.dataflow_tables import parsed_dataflow
from contracts.strategies.sizes import MOST_ATTRIBUTES, seldom
from contracts.strategies.values import (
    JsonObject,
    Objects,
    Texts,
    dotted_paths,
    scalars,
    texts,
)

_TASK_TYPES: Final = ("email", "web_service", "contact_update", "record")
_LONGEST_DELAY_SECONDS: Final = 316_224_000
_OF_EVERY_MESSAGE: Final = (
    "$.identityMap",
    "$.identityMap.*[0].id",
    "$.segmentMembership.ups.*.status",
    "$..id",
    "$['']",
)


_STATES: Final = st.sampled_from(
    [{}, {"enabled": True}, {"enabled": False}, {"draft": True}, {"draft": True, "enabled": False}]
)


def json_paths(dataflow: Mapping[str, Any] | None = None) -> Texts:
    """A JSONPath (RFC 9535) into a message, often where the dataflow puts an attribute.

    Args:
        dataflow: a dataflow whose targets the paths often, but not always, name.
    """
    targets = (attribute["target"] for attribute in parsed_dataflow(dataflow).get("attributes", ()))
    return _paths(tuple(targets))


@st.composite
def workflows(draw: st.DrawFn, dataflow: Mapping[str, Any] | None = None) -> JsonObject:
    """A workflow as one ``[[workflows]]`` table of a parsed workflows file.

    Args:
        draw: passed by Hypothesis, not by callers.
        dataflow: a dataflow whose targets the fields and conditions often, but not always, name.

    Returns:
        A strategy of workflows: with any delay, fields, nested conditions and tasks that pipe the
        fields, known and unknown ones. A few have 50 fields. None calls a web service.
    """
    paths = json_paths(dataflow)
    fields = draw(_lists_of_fields(paths))
    if draw(seldom()):
        shared = [draw(paths) for _ in range(3)]
        fields = [{"name": f"field-{n}", "path": shared[n % 3]} for n in range(MOST_ATTRIBUTES)]
    workflow: JsonObject = {"name": draw(texts(min_size=1)), **draw(_switches())}
    names = tuple(field["name"] for field in fields)
    parts = {"conditions": _conditions(paths), "tasks": _lists_of_tasks(names)}
    workflow |= {"fields": fields} if fields else {}
    return workflow | {name: draw(part) for name, part in parts.items() if draw(st.booleans())}


# Hypothesis validates a strategy when it is first drawn from, so those of a dataflow are kept too.


@lru_cache(64)
def _paths(targets: tuple[str, ...]) -> Texts:
    mapped = [st.sampled_from(targets).map(path_to)] if targets else []
    return st.one_of(*mapped, st.sampled_from(_OF_EVERY_MESSAGE), dotted_paths().map(path_to))


@cache
@st.composite
def _switches(draw: st.DrawFn) -> JsonObject:
    state: JsonObject = draw(_STATES)
    return {**state, **draw(_settings())}


@cache
def _settings() -> Objects:
    optional = {
        "delay": _delays(),
        "on_task_failure": st.sampled_from(["continue", "stop"]),
        "retry_tasks": st.booleans(),
        "require_authentication": st.booleans(),
    }
    return st.fixed_dictionaries({}, optional=optional)


@cache
def _field_names() -> Texts:
    usual = st.sampled_from(["firstName", "email", "名"])
    other = texts(min_size=1).filter(lambda name: not any(c in "{}" or c.isspace() for c in name))
    return st.one_of(usual, other)


@lru_cache(64)
def _lists_of_fields(paths: Texts) -> st.SearchStrategy[list[JsonObject]]:
    fields = st.fixed_dictionaries({"name": _field_names(), "path": paths})
    return st.lists(fields, max_size=4, unique_by=lambda field: field["name"])


@lru_cache(64)
def _conditions(paths: Texts) -> Objects:
    return _groups(st.recursive(_predicates(paths), _groups, max_leaves=5))


def _groups(inner: Objects) -> Objects:
    lists = st.lists(inner, max_size=3)
    names = (["all"], ["any"], ["all", "any"])
    return st.one_of(*(st.fixed_dictionaries(dict.fromkeys(keys, lists)) for keys in names))


def _predicates(paths: Texts) -> Objects:
    sizes = st.one_of(texts(), st.integers(-100, 100), st.floats(-1e9, 1e9))
    asked: list[Objects] = [
        st.fixed_dictionaries({"path": paths, name: scalars()})
        for name in ("equals", "not_equals", "contains")
    ]
    asked += [
        st.fixed_dictionaries({"path": paths, name: sizes})
        for name in ("less_than", "at_most", "greater_than", "at_least")
    ]
    exists: Objects = st.fixed_dictionaries({"path": paths, "exists": st.booleans()})
    return st.one_of(exists, *asked)


@lru_cache(64)
def _lists_of_tasks(fields: tuple[str, ...]) -> st.SearchStrategy[list[JsonObject]]:
    pipes = st.sampled_from([f"~{{aedj://{name}}}" for name in [*fields, "unknown"]])
    values = st.one_of(texts(), pipes, pipes.map(lambda pipe: f"Hello {pipe}!"))
    tasks = st.fixed_dictionaries(
        {"name": texts(min_size=1), "type": st.sampled_from(_TASK_TYPES)},
        optional={
            "settings": st.dictionaries(st.sampled_from(["to", "subject", "note"]), values),
            "fail_first": st.integers(0, 3),
            "fail_probability": st.floats(0, 1),
        },
    )
    return st.lists(tasks, max_size=3)


@cache
def _delays() -> Objects:
    seconds = st.floats(0, _LONGEST_DELAY_SECONDS)
    some = st.floats(0, _LONGEST_DELAY_SECONDS, exclude_min=True)
    pairs = st.tuples(seconds, seconds).map(sorted)
    return st.one_of(
        st.builds(lambda s: {"kind": "fixed", "seconds": s}, seconds),
        pairs.map(lambda p: {"kind": "uniform", "low_seconds": p[0], "high_seconds": p[1]}),
        st.tuples(some, some).map(sorted).map(_lognormal),
        st.builds(_queue, st.integers(1, 100), seconds),
        st.lists(seconds, min_size=1, max_size=3).map(lambda s: {"kind": "measured", "seconds": s}),
    )


def _lognormal(bounds: list[float]) -> JsonObject:
    return {"kind": "lognormal", "median_seconds": bounds[0], "p95_seconds": bounds[1]}


def _queue(workers: int, seconds: float) -> JsonObject:
    return {"kind": "queue", "workers": workers, "service_seconds": seconds}


def path_to(target: str) -> str:
    """Return the JSONPath of an attribute's target, each name quoted (RFC 9535)."""
    return "$" + "".join(f"[{_quoted(name)}]" for name in target.split("."))


def _quoted(name: str) -> str:
    escaped = json.dumps(name, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{escaped}'"
