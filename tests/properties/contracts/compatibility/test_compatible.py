"""What `compatible` proves, held to the real sender's messages and the mock's own reading of them.

What is always fed is found in each message, what is never fed in none, whatever was exported
before; and so of conditions.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.compatibility.certainty import Certainty, over_all
from contracts.compatibility.conditions import holding
from contracts.compatibility.messages.mapped_dataflow import (
    CONSENT_PATHS,
    GRANTED,
    MappedDataflow,
)
from contracts.compatibility.messages.message_shape import message_shape
from contracts.compatibility.messages.row_shape import row_shape
from contracts.compatibility.paths.selection import selected
from contracts.compatibility.shape import Array, Object, Scalar, Shape
from contracts.strategies import dataflows, profiles, scalars
from mock_qualtrics.events import strict_json
from mock_qualtrics.events.conditions import condition_from
from mock_qualtrics.events.json_path import Path
from mock_qualtrics.tenants.key_case import camel_case
from sender.dataflow import ConsentRules, Dataflow
from sender.mapping import Mapper, message_body
from sender.mapping.activation import Export, Known, decide

MOST = settings.default.max_examples  # of the profile that is chosen

Json = Any
OPERATORS = ("equals", "not_equals", "contains", "less_than", "at_most", "greater_than", "at_least")
OPERANDS = ("realized", "exited", "existing", "", "0", 1, 0.5, True, "dave@example.com")
INDICES = (0, 1, -1, -2, 3)
SLICES = (":", "0:1", "1:", "-1:", ":-1", "::2", "::-1", "1::-1", "-3:1", "5:2:-1", "0:0", "::0")
FILTERS = (
    "?@",
    "?!@",
    "?@.id",
    "?@.status=='realized'",
    "?@.status!='realized'",
    "?@.status=='existing'",
    "?@.id!=''",
    "?@.id==$.identityMap.Email[0].id",
    "?@.nothing==$.nothing",
    "?@.status<'realized' || @.id",
    "?@<=1 && @>=0",
    "?@==true",
    "?length(@)>1",
    "?!(@.status==null)",
    "?@[0].id",
    "?@.*",
)


@st.composite
def flows(draw: st.DrawFn) -> dict[str, Any]:
    """A dataflow, mostly without dates."""
    flow = draw(dataflows())
    flow["audiences"] = flow["audiences"][: draw(st.integers(0, 4))]
    if draw(st.integers(0, 3)):
        flow["audiences"] = [{"id": audience["id"]} for audience in flow["audiences"]]
    return flow


@st.composite
def complete_profiles(draw: st.DrawFn, flow: dict[str, Any]) -> dict[str, Any]:
    """A profile that has what the dataflow says is always present, as far as paths allow."""
    profile = draw(profiles(flow, hashed_emails=True))
    for attribute in flow["attributes"]:
        if attribute.get("always_present"):
            put(profile, attribute["source"].split("."), draw(scalars()))
    if draw(st.integers(0, 3)):  # one that is exported
        profile["identityMap"].setdefault(flow["identities"][0]["source"], []).append({"id": "d"})
        for audience in flow["audiences"][:1]:
            member = {"lastQualificationTime": "2026-01-01T00:00:00Z", "status": "realized"}
            profile["segmentMembership"]["ups"].setdefault(audience["id"], member)
    if draw(st.integers(0, 3)) == 0:
        profile["consents"] = {"collect": {"val": draw(st.sampled_from(["y", "n"]))}}
    if draw(st.integers(0, 3)) == 0:
        profile.pop("segmentMembership")
    return profile


def put(tree: dict[str, Any], path: list[str], value: object) -> None:
    *parents, leaf = path
    for name in parents:
        if not isinstance(tree.get(name), dict):
            tree[name] = {}
        tree = tree[name]
    tree[leaf] = value


def keeps_its_word(flow: dict[str, Any], profile: dict[str, Any]) -> bool:
    """Tell whether a profile has all that is said to be always present: sources may contradict."""
    said = [a for a in flow["attributes"] if a.get("always_present")]
    return all(isinstance(at(profile, a["source"]), str | int | float) for a in said)


def at(value: Json, path: str) -> Json:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def segments(shape: Shape) -> st.SearchStrategy[tuple[str, Shape]]:
    """A segment that often takes something of a shape, and the shape that it leads to."""
    names, inner = ["nothing", "email", "Email"], [shape]
    if isinstance(shape, Object):
        names = [*shape.members, "nothing"]
        inner = [member.shape for member in shape.members.values()] or [shape]
    elif isinstance(shape, Array):
        inner = [item for item, _ in shape.items()] or [shape]
    places = dict(zip(names, inner, strict=False))
    named = st.sampled_from(names).map(lambda n: (f"[{json.dumps(n)}]", places.get(n, inner[0])))
    both = st.lists(st.sampled_from(names), min_size=2, max_size=2).map(
        lambda pair: (f"[{','.join(map(json.dumps, pair))}]", inner[0])
    )
    others = [f"[{n}]" for n in (*INDICES, *SLICES, *FILTERS)] + ["[*]", "..*", "..[0]", "[*,0]"]
    anywhere = st.sampled_from(others).flatmap(
        lambda text: st.sampled_from(inner).map(lambda shape: (text, shape))
    )
    below = st.sampled_from(names).map(lambda n: (f"..[{json.dumps(n)}]", places.get(n, inner[0])))
    return st.one_of(named, named, named, both, anywhere, below)


@st.composite
def paths(draw: st.DrawFn, shape: Shape) -> str:
    path = "$"
    for _ in range(draw(st.integers(1, 5))):
        text, shape = draw(segments(shape))
        path += text
        if isinstance(shape, Scalar) and draw(st.booleans()):
            break
    return path


@st.composite
def conditions(draw: st.DrawFn, shape: Shape, values: Sequence[Json] = ()) -> dict[str, Any]:
    predicates = []
    for _ in range(draw(st.integers(1, 3))):
        operator = draw(st.sampled_from((*OPERATORS, "exists")))
        operand = draw(st.booleans() if operator == "exists" else st.sampled_from(OPERANDS))
        if isinstance(operand, bool) and operator not in ("exists", "equals", "not_equals"):
            operand = 1
        if values and operator != "exists" and draw(st.booleans()):
            operand = draw(st.sampled_from(values))
        predicates.append({"path": draw(paths(shape)), operator: operand})
    return {draw(st.sampled_from(["all", "any"])): predicates}


def in_camel_case(condition: Mapping[str, Any]) -> dict[str, Any]:
    return {
        kind: [{camel_case(key): value for key, value in one.items()} for one in members]
        for kind, members in condition.items()
    }


@st.composite
def journeys(draw: st.DrawFn, flow: dict[str, Any], rows: Sequence[Any]) -> list[Json]:
    """All messages of a series of exports, as if each of these rows were a profile's next one."""
    mapper = Mapper(Dataflow.from_mapping(flow))
    order = draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=4))
    days = sorted(draw(st.lists(st.integers(0, 36_000), min_size=len(order), max_size=len(order))))
    known = draw(st.none() | st.just(frozenset[str]()))
    return list(exported(mapper, [rows[n] for n in order], days, known))


def exported(
    mapper: Mapper, rows: Sequence[Any], days: Sequence[int], known: frozenset[str] | None
) -> Iterator[Json]:
    previous = None
    for row, day in zip(rows, days, strict=True):
        now = dt.datetime(2000, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=day)
        decision = decide(previous, row, mapper, now, known)
        if isinstance(decision, Export | Known):
            previous = decision.state
        if isinstance(decision, Export):
            yield strict_json.read(message_body(decision.content)).value


def check(verdict: Certainty, found: Sequence[bool]) -> None:
    if verdict is Certainty.ALWAYS:
        assert all(found)
    elif verdict is Certainty.NEVER:
        assert not any(found)


@settings(max_examples=MOST // 3)
@given(st.data())
def test_what_a_dataflow_always_or_never_feeds_is_in_every_message_or_in_none(data: st.DataObject):
    flow = data.draw(flows())
    rows = data.draw(st.lists(complete_profiles(flow), min_size=1, max_size=3))
    rows = [row for row in rows if keeps_its_word(flow, row)]
    shape = message_shape(MappedDataflow.from_mapping(flow))
    path, condition = data.draw(paths(shape)), data.draw(conditions(shape))
    messages = data.draw(journeys(flow, rows)) if rows else []
    check(selected(path, shape), [bool(Path(path).values(message)) for message in messages])
    real = condition_from(in_camel_case(condition))
    check(holding(condition, shape), [real.holds(message) for message in messages])


@settings(max_examples=MOST // 3)
@given(st.data())
def test_what_rows_always_or_never_feed_is_in_each_of_their_messages_or_in_none(
    data: st.DataObject,
):
    flow = data.draw(flows())
    rows = data.draw(st.lists(complete_profiles(flow), min_size=1, max_size=3))
    mapped = MappedDataflow.from_mapping(flow)
    shapes = [shape for row in rows if (shape := row_shape(mapped, row)) is not None]
    messages = data.draw(journeys(flow, rows))
    if not shapes:
        assert messages == []
        return
    path = data.draw(paths(shapes[0]))
    condition = data.draw(conditions(shapes[0], plain_values(shapes[0])))
    verdict = over_all(selected(path, shape) for shape in shapes)
    check(verdict, [bool(Path(path).values(message)) for message in messages])
    real = condition_from(in_camel_case(condition))
    verdict = over_all(holding(condition, shape) for shape in shapes)
    check(verdict, [real.holds(message) for message in messages])


def plain_values(shape: Shape) -> list[Json]:
    """Return the known texts and numbers in a shape."""
    if isinstance(shape, Scalar):
        return [v for v in shape.values or () if not isinstance(v, bool)]
    if isinstance(shape, Object):
        return [v for m in shape.members.values() for v in plain_values(m.shape)]
    return [v for item, _ in shape.items() for v in plain_values(item)]


def test_consent_counts_here_as_it_does_for_the_sender():
    rules = ConsentRules()
    assert (rules.granted, rules.paths) == (GRANTED, CONSENT_PATHS)
