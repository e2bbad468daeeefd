"""Whether a fault applies to a call: pure decisions on the call and what came before it.

A probable fault hashes the seed, the fault, the body's digest and how many calls with that digest
came before: the same attempts fail however many threads run, and a retry can succeed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Protocol

from mock_qualtrics.clock import parse_instant
from mock_qualtrics.errors import PathFailedError
from mock_qualtrics.events import strict_json
from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.work_budget import WorkBudget
from mock_qualtrics.model import Microseconds

_HASH_BYTES = 8


class Body:
    """A call's body, read once at most, and only when a fault asks."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._work = WorkBudget()

    def holds(self, path: Path) -> bool:
        """Tell whether the path finds something; in a body that it cannot read it finds nothing."""
        try:
            return self._document is not None and bool(
                path.values(self._document.value, self._work)
            )
        except PathFailedError:
            return False

    @cached_property
    def _document(self) -> strict_json.Document | None:
        try:
            return strict_json.read(self._raw)
        except strict_json.NotJsonError:
            return None


@dataclass(frozen=True, slots=True)
class CallContext:
    """One call, as a fault sees it.

    Attributes:
        key: the seed and the fault's id, the salt of its chance.
        number: the call's place among the tenant's calls since the fault was added, from 1.
        digest: the body's.
        same_before: how many of the tenant's calls with that digest came before.
        now: the tenant's instant.
    """

    key: bytes
    number: int
    digest: bytes
    same_before: int
    now: Microseconds
    body: Body


class When(Protocol):
    """A way of choosing calls."""

    @property
    def needs_body(self) -> bool:
        """Whether the choice depends on what the call carries."""
        ...

    def matches(self, context: CallContext) -> bool:
        """Tell whether this call is chosen."""
        ...

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given."""
        ...


@dataclass(frozen=True, slots=True)
class First:
    """The first so many calls."""

    calls: int
    needs_body = False

    def matches(self, context: CallContext) -> bool:
        """Tell whether this call is among them."""
        return context.number <= self.calls

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given."""
        return {"first": self.calls}


@dataclass(frozen=True, slots=True)
class Every:
    """Every so manieth call."""

    calls: int
    needs_body = False

    def matches(self, context: CallContext) -> bool:
        """Tell whether this call is one of them."""
        return context.number % self.calls == 0

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given."""
        return {"every": self.calls}


@dataclass(frozen=True, slots=True)
class Probability:
    """A share of the attempts, always the same ones for the same seed."""

    share: float
    needs_body = True

    def matches(self, context: CallContext) -> bool:
        """Tell whether this attempt is one of them."""
        hashed = blake2b(context.digest, key=_hash_key(context), digest_size=_HASH_BYTES)
        return int.from_bytes(hashed.digest()) < self.share * (1 << 8 * _HASH_BYTES)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given."""
        return {"probability": self.share}


@dataclass(frozen=True, slots=True)
class Between:
    """From one instant up to, and without, another; on the tenant's clock."""

    since: Microseconds
    until: Microseconds
    given: tuple[str, str]
    needs_body = False

    def matches(self, context: CallContext) -> bool:
        """Tell whether the call came in that time."""
        return self.since <= context.now < self.until

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given."""
        return {"between": list(self.given)}


@dataclass(frozen=True, slots=True)
class AtPath:
    """Bodies in which a JSONPath finds something."""

    path: Path
    needs_body = True

    def matches(self, context: CallContext) -> bool:
        """Tell whether the path finds something in the call's body."""
        return context.body.holds(self.path)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given."""
        return {"path": self.path.text}


def when_from(mapping: Mapping[str, Any]) -> When:
    """Return the one way of choosing that a valid ``matching`` names."""
    ((name, value),) = mapping.items()
    return _MAKERS[name](value)


def _hash_key(context: CallContext) -> bytes:
    return blake2b(b"%s/%d" % (context.key, context.same_before), digest_size=32).digest()


def _between(given: list[str]) -> Between:
    since, until = given
    return Between(parse_instant(since), parse_instant(until), (since, until))


_MAKERS: dict[str, Callable[[Any], When]] = {
    "first": First,
    "every": Every,
    "probability": Probability,
    "between": _between,
    "path": lambda text: AtPath(Path(text)),
}
