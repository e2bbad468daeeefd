"""Hypothesis strategies for profiles, dataflows, messages and their parts.

They generate plain dicts that are valid under the schemas and the rules that go with them, and
otherwise as unusual as possible: any text without surrogates, numbers of any size, attributes that
are missing, null, lists or maps, identities and audiences that are not mapped. For this project's
tests and for yours; hypothesis comes with the extra ``test``.

Example:
    >>> from hypothesis import given
    >>> from contracts.strategies import dataflows, profiles
    >>> @given(dataflows().flatmap(lambda flow: profiles(flow)))
    ... def test_a_connector_takes_any_profile(profile):
    ...     assert "identityMap" in profile
    >>> test_a_connector_takes_any_profile()
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from contracts.extras import missing_extra

try:
    from hypothesis import strategies as st
except ImportError as error:  # pragma: no cover  the tests need hypothesis themselves
    raise ImportError(missing_extra("contracts.strategies needs", "hypothesis", "test")) from error

__all__ = [
    "attribute_values",
    "audience_ids",
    "dataflows",
    "dotted_paths",
    "identity_values",
    "instants",
    "memberships",
    "messages",
    "namespaces",
    "profiles",
    "scalars",
    "texts",
    "trigger_urls",
]

JsonObject = dict[str, Any]
Objects = st.SearchStrategy[JsonObject]
Texts = st.SearchStrategy[str]

RESERVED_NAMES: Final = frozenset({"_id", "consents", "identityMap", "segmentMembership"})
HASH_LENGTHS: Final = (32, 40, 64, 128)
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)
LARGEST_INTEGER: Final = 10**400

_NAMES: Final = ("person", "name", "firstName", "orders", "Größe", "名", "a b", "$", "*", "0")
_LETTERS_AND_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@cache
def texts(min_size: int = 0) -> Texts:
    """Any text that JSON and UTF-8 can carry: line breaks, NUL, emoji, never a surrogate."""
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=min_size, max_size=20)


@cache
def scalars() -> st.SearchStrategy[str | int | float | bool]:
    """An attribute's value in a message: a text, a number of any size or a boolean (A-MAP-3)."""
    return st.one_of(
        texts(),
        st.booleans(),
        st.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
        st.floats(allow_nan=False, allow_infinity=False),
    )


@cache
def attribute_values() -> st.SearchStrategy[Any]:
    """An attribute's value in a profile: a scalar, or one that is not exported, such as null."""
    return st.one_of(
        scalars(),
        st.none(),
        st.lists(scalars(), max_size=3),
        st.dictionaries(texts(), scalars(), max_size=3),
    )


@cache
def dotted_paths() -> Texts:
    """An attribute's path, for example ``person.name.firstName``, outside reserved names."""
    names = st.one_of(st.sampled_from(_NAMES), texts(min_size=1)).filter(_is_name)
    paths = st.lists(names, min_size=1, max_size=4)
    return paths.filter(lambda path: path[0] not in RESERVED_NAMES).map(".".join)


@cache
def instants() -> Texts:
    """A ``lastQualificationTime``: UTC with microseconds and ``Z`` (A-MSG-2)."""
    days = st.datetimes(datetime(FIRST_DAY.year, 1, 1), datetime(LAST_DAY.year, 1, 1))  # noqa: DTZ001  UTC by its Z
    return days.map(lambda instant: f"{instant.isoformat(timespec='microseconds')}Z")


@cache
def audience_ids() -> Texts:
    """An audience's id: a UUID, something like it, or any other text (A-MSG-3)."""
    almost = st.just("007844dd1-9e5d-4531-a4ee-05470doe759dd")
    return st.one_of(st.uuids().map(str), almost, texts(min_size=1))


@cache
def namespaces() -> Texts:
    """An identity namespace, one of the usual ones or any text."""
    return st.one_of(st.sampled_from(["Email", "ECID", "Phone", "CRMID"]), texts(min_size=1))


@cache
def identity_values(*, hashed: bool = False) -> Texts:
    """An identity's id; with `hashed` only values that count as a hashed e-mail (A-MAP-2).

    Without `hashed` no value looks like a hash, so that every one can be exported as an e-mail.
    """
    if hashed:
        sizes = st.sampled_from(HASH_LENGTHS)
        return sizes.flatmap(lambda n: st.text("0123456789abcdefABCDEF", min_size=n, max_size=n))
    samples = st.sampled_from(["dave@example.com", "Email-2Sf6C", "åsa@exämple.com", "0"])
    return st.one_of(samples, texts(min_size=1))


@cache
def trigger_urls() -> Texts:
    """A JSON Event's URL on loopback, in either form (Q-URL-1, Q-URL-2).

    Not every token is a UUID (Q-URL-3).
    """
    path = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers"
    ids = st.text(_LETTERS_AND_DIGITS, min_size=15, max_size=15)
    legacy = st.builds(
        "{}?contextId=SV_{}&userId=UR_{}&brandId=brand&triggerId=OC_{}".format,
        st.just(path), ids, ids, ids,
    )  # fmt: skip
    tokens = st.one_of(st.uuids(version=4).map(str), st.text(_LETTERS_AND_DIGITS, min_size=1))
    return st.one_of(tokens.map(lambda token: f"{path}?urlTokenId={token}"), legacy)


@cache
@st.composite
def dataflows(draw: st.DrawFn) -> JsonObject:
    """A dataflow as a parsed file, with dates as ISO texts.

    No attribute's target is the parent of another one, no namespace or audience is mapped twice,
    and no audience ends before it starts.
    """
    targets = _without_parents(draw(_lists_of_paths(max_size=6, unique=True)))
    sources = draw(_lists_of_namespaces(min_size=1, max_size=3))
    return {
        "name": draw(texts(min_size=1)),
        "description": draw(texts()),
        "url": draw(trigger_urls()),
        "username": draw(_usernames()),
        "attributes": [{"source": draw(dotted_paths()), "target": target} for target in targets],
        "identities": [
            {"source": source, "target": draw(st.sampled_from(["email", "external_id"]))}
            for source in sources
        ],
        "audiences": draw(_lists_of_audiences()),
        "identity_map_keys": draw(st.sampled_from(["source", "target"])),
        "activation": draw(_activations()),
    }


@cache
@st.composite
def memberships(draw: st.DrawFn) -> JsonObject:
    """One entry of ``segmentMembership.ups``: time and status."""
    status = draw(st.sampled_from(["realized", "exited"]))
    return {"lastQualificationTime": draw(instants()), "status": status}


@st.composite
def profiles(
    draw: st.DrawFn, dataflow: Mapping[str, Any] | None = None, *, hashed_emails: bool = False
) -> JsonObject:
    """A profile as one line of a profile file.

    Args:
        draw: passed by Hypothesis, not by callers.
        dataflow: a dataflow whose mapped attributes, namespaces and audiences the profile often,
            but not always, has; without it, any.
        hashed_emails: whether identities may look like hashed e-mails, which are not exported.

    Returns:
        A strategy of profiles. Some lack a mapped identity, audience or attribute.
    """
    flow = dataflow or {}
    profile: JsonObject = {}
    if draw(st.booleans()):
        profile["_id"] = draw(texts(min_size=1))
    paths = [a["source"] for a in flow.get("attributes", ()) if draw(st.booleans())]
    for path in [*paths, *draw(_lists_of_paths(max_size=3))]:
        _put(profile, path.split("."), draw(attribute_values()))
    profile["identityMap"] = draw(_identity_map(flow, hashed=hashed_emails))
    profile["segmentMembership"] = draw(_segment_membership(flow))
    return profile


@cache
@st.composite
def messages(draw: st.DrawFn) -> JsonObject:
    """An exported message: open attributes, at least one identity, people audiences (A-MSG-1)."""
    message = draw(_attributes())
    message["identityMap"] = draw(_identity_maps())
    if draw(st.booleans()):
        message["segmentMembership"] = {"ups": draw(_people_audiences())}
    return message


@cache
def _activations() -> Objects:
    names = ("attribute_changes", "audience_changes", "identity_changes")
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, st.booleans()))


@cache
@st.composite
def _audiences(draw: st.DrawFn) -> JsonObject:
    audience = {"id": draw(audience_ids())}
    days = sorted(draw(_pairs_of_days()))
    for key, day in zip(("start_date", "end_date"), days, strict=True):
        if draw(st.booleans()):
            audience[key] = day.isoformat()
    return audience


@st.composite
def _identity_map(draw: st.DrawFn, flow: Mapping[str, Any], *, hashed: bool) -> JsonObject:
    mapped = [identity["source"] for identity in flow.get("identities", ())]
    chosen = [namespace for namespace in mapped if draw(st.booleans())]
    others = draw(_lists_of_namespaces(max_size=2))
    lists = _lists_of_identities(hashed=hashed)
    return {namespace: draw(lists) for namespace in [*chosen, *others]}


@cache
@st.composite
def _identities(draw: st.DrawFn, values: Texts, *, in_profile: bool = False) -> JsonObject:
    identity: JsonObject = {"id": draw(values)}
    if in_profile and draw(st.booleans()):
        identity["primary"] = draw(st.booleans())
    return identity


@st.composite
def _segment_membership(draw: st.DrawFn, flow: Mapping[str, Any]) -> JsonObject:
    mapped = [audience["id"] for audience in flow.get("audiences", ())]
    chosen = [audience_id for audience_id in mapped if draw(st.booleans())]
    others = draw(_lists_of_audience_ids())
    membership: JsonObject = {"ups": {i: draw(memberships()) for i in [*chosen, *others]}}
    if draw(st.booleans()):
        membership["aam"] = {i: draw(memberships()) for i in [*chosen, "elsewhere"]}
    return membership


# Hypothesis validates a strategy when it is first drawn from. Made anew for each draw, a strategy
# costs several times what its examples cost, so each is made once.


@cache
def _lists_of_paths(max_size: int, *, unique: bool = False) -> st.SearchStrategy[list[str]]:
    return st.lists(dotted_paths(), max_size=max_size, unique=unique)


@cache
def _lists_of_namespaces(max_size: int, min_size: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(namespaces(), min_size=min_size, max_size=max_size, unique=True)


@cache
def _lists_of_audiences() -> st.SearchStrategy[list[JsonObject]]:
    return st.lists(_audiences(), max_size=4, unique_by=lambda audience: audience["id"])


@cache
def _lists_of_audience_ids() -> st.SearchStrategy[list[str]]:
    return st.lists(audience_ids(), max_size=2)


@cache
def _lists_of_identities(*, hashed: bool) -> st.SearchStrategy[list[JsonObject]]:
    values = identity_values() | identity_values(hashed=True) if hashed else identity_values()
    return st.lists(_identities(values, in_profile=True), min_size=1, max_size=3)


@cache
def _usernames() -> Texts:
    return st.text(f"{_LETTERS_AND_DIGITS}@.#-_", min_size=1, max_size=20)


@cache
def _pairs_of_days() -> st.SearchStrategy[list[date]]:
    return st.lists(st.dates(FIRST_DAY, LAST_DAY), min_size=2, max_size=2)


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
def _identity_maps() -> Objects:
    identities = st.lists(_identities(identity_values()), min_size=1, max_size=3)
    return st.dictionaries(namespaces(), identities, min_size=1, max_size=3)


@cache
def _people_audiences() -> Objects:
    return st.dictionaries(audience_ids(), memberships(), max_size=3)


def _is_name(name: str) -> bool:
    return "." not in name and bool(name.strip())


def _without_parents(paths: list[str]) -> list[str]:
    return [path for path in paths if not any(other.startswith(f"{path}.") for other in paths)]


def _put(tree: JsonObject, path: list[str], value: object) -> None:
    """Put a value at a path, unless a part of the path is not an object."""
    *parents, leaf = path
    for name in parents:
        inner = tree.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree.setdefault(leaf, value)
