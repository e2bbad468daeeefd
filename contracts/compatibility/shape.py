"""The shape of a JSON value that is known in part: what may stand where, and how certain it is.

A shape stands for a set of values. Shapes are compared by identity, so that what was found of one
can be remembered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from contracts.compatibility.certainty import ALWAYS, SOMETIMES, Certainty

TEXT: Final = "text"
NUMBER: Final = "number"
BOOLEAN: Final = "boolean"
ANY_SCALAR: Final = frozenset({TEXT, NUMBER, BOOLEAN})


class Why(NamedTuple):
    """Why something is not always, or never, in a message.

    Attributes:
        code: a short name of the kind, for programs.
        text: a sentence without its full stop.
    """

    code: str
    text: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scalar:
    """A text, a number or a boolean.

    Attributes:
        kinds: which of these it may be.
        values: all values that it may have; None: any of these kinds.
        what: what it is, for people.
    """

    kinds: frozenset[str] = ANY_SCALAR
    values: tuple[Any, ...] | None = None
    what: str = "a plain value"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Member:
    """One member of an object.

    Attributes:
        shape: the member's value, where it is present.
        presence: in which of the objects it is present.
        why: why it is not present in all of them.
    """

    shape: "Shape"
    presence: Certainty = ALWAYS
    why: Why | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Object:
    """An object all of whose members are known by name.

    Attributes:
        members: what may be in it, and what is named though it never is, to say why.
        never_empty: whether at least one member is in each.
    """

    members: Mapping[str, Member]
    never_empty: bool = False

    @property
    def present(self) -> dict[str, Member]:
        """The members that may be in it."""
        return {name: m for name, m in self.members.items() if m.presence is not Certainty.NEVER}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Array:
    """A list.

    Attributes:
        first: the items that it has in any case.
        more: what any further item is; None: there are no more. Where there may be more, each of
            the first has this shape too.
    """

    first: tuple["Shape", ...]
    more: "Shape | None" = None

    def items(self) -> Iterator[tuple["Shape", Certainty]]:
        """Yield each item that can be told from the others, with how certain it is."""
        yield from ((shape, ALWAYS) for shape in self.first)
        if self.more is not None:
            yield self.more, SOMETIMES


Shape = Scalar | Object | Array


def kind_of(value: object) -> str | None:
    """Return the kind of a plain JSON value; None for null, a list and an object."""
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, str):
        return TEXT
    return NUMBER if isinstance(value, int | float) else None


def constant(value: object, what: str = "a plain value") -> Scalar:
    """Return the shape of one known plain value."""
    return Scalar(frozenset(filter(None, [kind_of(value)])), (value,), what)


def described(shape: Shape) -> str:
    """Return what a value of this shape is, for people."""
    if isinstance(shape, Array):
        return "a list"
    return "an object" if isinstance(shape, Object) else shape.what
