"""Texts, numbers, paths and identities: what larger values are made of."""

from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from contracts.strategies.sizes import DEEPEST_NAMES

JsonObject = dict[str, Any]
Objects = st.SearchStrategy[JsonObject]
Texts = st.SearchStrategy[str]

RESERVED_NAMES: Final = frozenset({"_id", "consents", "identityMap", "segmentMembership"})
HASH_LENGTHS: Final = (32, 40, 64, 128)
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
    short = st.lists(names, min_size=1, max_size=4)
    deep = st.lists(st.sampled_from(_NAMES), min_size=DEEPEST_NAMES, max_size=DEEPEST_NAMES)
    paths = st.one_of(short, short, short, deep)
    return paths.filter(lambda path: path[0] not in RESERVED_NAMES).map(".".join)


@cache
def namespaces() -> Texts:
    """An identity namespace, one of the usual ones or any text."""
    return st.one_of(st.sampled_from(["Email", "ECID", "Phone", "CRMID"]), texts(min_size=1))


@cache
def lists_of_namespaces(max_size: int, min_size: int = 0) -> st.SearchStrategy[list[str]]:
    """Different namespaces."""
    return st.lists(namespaces(), min_size=min_size, max_size=max_size, unique=True)


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
@st.composite
def identities(draw: st.DrawFn, values: Texts, *, in_profile: bool = False) -> JsonObject:
    """One entry of an ``identityMap``'s list; in a profile it may say whether it is primary."""
    identity: JsonObject = {"id": draw(values)}
    if in_profile and draw(st.booleans()):
        identity["primary"] = draw(st.booleans())
    return identity


@cache
def usernames() -> Texts:
    """A Qualtrics username: no colon, which Basic authentication could not carry."""
    return st.text(f"{_LETTERS_AND_DIGITS}@.#-_", min_size=1, max_size=20)


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


def _is_name(name: str) -> bool:
    return "." not in name and bool(name.strip())
