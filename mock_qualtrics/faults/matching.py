"""Decide whether a fault applies to a call, from the call and the counts before it. Pure.

A fault with a probability hashes the seed, the fault's id, the body's digest and the number of
earlier calls with that digest. So the same attempts fail however many threads run, and a retry can
succeed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Protocol

from mock_qualtrics.clock import parse_instant, to_microseconds
from mock_qualtrics.errors import PathFailedError
from mock_qualtrics.events import strict_json
from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.work_budget import WorkBudget
from mock_qualtrics.model import Microseconds

FAULT_SHARE = 0.2  # a fault is matched before the call is answered, and others wait meanwhile
_HASH_BYTES = 8
Moment = str | float
"""An instant, RFC 3339; or how many seconds after the fault was added."""


class Body:
    """A call's body, parsed at most once, and only when a fault needs it."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._work = WorkBudget(share=FAULT_SHARE)

    def holds(self, path: Path) -> bool:
        """Return whether the path finds a value; False when the body cannot be read."""
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
    """What a fault knows about one call.

    Attributes:
        key: the seed and the fault's id; salts the hash of a fault with a probability.
        number: the call's number among the tenant's calls since the fault was added, from 1.
        digest: the digest of the body.
        same_before: how many earlier calls of the tenant have the same digest.
        now: the instant on the tenant's clock.
        body: the call's body.
        first_at: when the first call came since the fault was added, if its condition asks for it.
    """

    key: bytes
    number: int
    digest: bytes
    same_before: int
    now: Microseconds
    body: Body
    first_at: Microseconds = 0


class When(Protocol):
    """The condition under which a fault applies to a call."""

    @property
    def needs_body(self) -> bool:
        """Whether the condition depends on the call's body."""
        ...

    @property
    def needs_first_call(self) -> bool:
        """Whether the condition depends on when the first call came."""
        ...

    def matches(self, context: CallContext) -> bool:
        """Return whether the fault applies to this call."""
        ...

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition as the control API shows it."""
        ...


@dataclass(frozen=True, slots=True)
class First:
    """The first ``calls`` calls."""

    calls: int
    needs_body = False
    needs_first_call = False

    def matches(self, context: CallContext) -> bool:
        """Return whether this is one of the first calls."""
        return context.number <= self.calls

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition as the control API shows it."""
        return {"first": self.calls}


@dataclass(frozen=True, slots=True)
class Every:
    """Every n-th call, n being ``calls``."""

    calls: int
    needs_body = False
    needs_first_call = False

    def matches(self, context: CallContext) -> bool:
        """Return whether this call's number is a multiple of ``calls``."""
        return context.number % self.calls == 0

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition as the control API shows it."""
        return {"every": self.calls}


@dataclass(frozen=True, slots=True)
class Probability:
    """A share of all attempts, always the same ones for the same seed."""

    share: float
    needs_body = True
    needs_first_call = False

    def matches(self, context: CallContext) -> bool:
        """Return whether this attempt's hash falls into the share."""
        hashed = blake2b(context.digest, key=_hash_key(context), digest_size=_HASH_BYTES)
        return int.from_bytes(hashed.digest()) < self.share * (1 << 8 * _HASH_BYTES)

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition as the control API shows it."""
        return {"probability": self.share}


@dataclass(frozen=True, slots=True)
class Between:
    """From one instant up to but excluding another, on the tenant's clock.

    Attributes:
        given: both as they were given, instants or seconds, so that they are shown unchanged.
    """

    since: Microseconds
    until: Microseconds
    given: tuple[Moment, Moment]
    needs_body = False
    needs_first_call = False

    def matches(self, context: CallContext) -> bool:
        """Return whether the call came between the instants."""
        return self.since <= context.now < self.until

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition as the control API shows it."""
        return {"between": list(self.given)}


@dataclass(frozen=True, slots=True)
class SinceFirstCall:
    """From so many seconds up to but excluding others, since the first call came.

    The first call is the first to a trigger after the fault was added, whatever became of it.

    Attributes:
        since, until: microseconds after the first call.
        given: both as they were given, in seconds.
    """

    since: Microseconds
    until: Microseconds
    given: tuple[float, float]
    needs_body = False
    needs_first_call = True

    def matches(self, context: CallContext) -> bool:
        """Return whether the call came so long after the first one."""
        return self.since <= context.now - context.first_at < self.until

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition as the control API shows it."""
        return {"sinceFirstCall": list(self.given)}


@dataclass(frozen=True, slots=True)
class AtPath:
    """Bodies in which a JSONPath finds a value."""

    path: Path
    needs_body = True
    needs_first_call = False

    def matches(self, context: CallContext) -> bool:
        """Return whether the path finds a value in the call's body."""
        return context.body.holds(self.path)

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition as the control API shows it."""
        return {"path": self.path.text}


def when_from(mapping: Mapping[str, Any], added_at: Microseconds = 0) -> When:
    """Return the condition that a valid ``when`` mapping describes.

    Args:
        mapping: the condition.
        added_at: when the fault was added, on the tenant's clock.
    """
    ((name, value),) = mapping.items()
    return _between(value, added_at) if name == "between" else _MAKERS[name](value)


def _hash_key(context: CallContext) -> bytes:
    return blake2b(b"%s/%d" % (context.key, context.same_before), digest_size=32).digest()


def _between(given: Sequence[Moment], added_at: Microseconds) -> Between:
    first, second = given
    return Between(_instant(first, added_at), _instant(second, added_at), (first, second))


def _instant(moment: Moment, added_at: Microseconds) -> Microseconds:
    if isinstance(moment, str):
        return parse_instant(moment)
    return added_at + to_microseconds(moment)


def _since_first_call(given: Sequence[float]) -> SinceFirstCall:
    first, second = given
    return SinceFirstCall(to_microseconds(first), to_microseconds(second), (first, second))


_MAKERS: dict[str, Callable[[Any], When]] = {
    "first": First,
    "every": Every,
    "probability": Probability,
    "path": lambda text: AtPath(Path(text)),
    "sinceFirstCall": _since_first_call,
}
