"""A fault, its effect on one call, and the registry of kinds.

A kind registers one function. It takes the combined effect of earlier faults and returns it with
its own added. The engine and the server carry the effect out.
"""

import enum
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mock_qualtrics.faults.matching import When
from mock_qualtrics.model import Answer, Microseconds, Refusal


class ConnectionFault(enum.StrEnum):
    """What happens to the connection, instead of sending the answer normally."""

    HANG = "hang"
    RESET = "reset"
    TRUNCATE = "truncate"
    DRIBBLE = "dribble"
    WRONG_LENGTH = "wrong-length"
    PROCESSING = "processing"
    EARLY_HINTS = "early-hints"


@dataclass(frozen=True, slots=True)
class FaultEffect:
    """The combined effect of all faults on one call; the default does nothing.

    Attributes:
        refusal: the call is refused with this, without the gate's checks, and starts no run.
        unanswered: whether the caller gets no answer; the journal's row then has no status.
        latency_seconds: the delay of the answer, in real time.
        connection_fault: what happens to the connection, after the journal's commit.
        replacement: the media type, None for no such header, and the body that replace those of
            the answer.
        calls_per_minute: the rate limit for this call, when lower than the tenant's.
        scripted_failure: the error with which the call's run fails.
        extra_runs: how many runs the call starts beyond the usual one.
        kinds: the kinds of all faults whose condition the call met, each once, in order.
    """

    refusal: Refusal | None = None
    unanswered: bool = False
    latency_seconds: float = 0.0
    connection_fault: ConnectionFault | None = None
    replacement: tuple[str | None, bytes] | None = None
    calls_per_minute: int | None = None
    scripted_failure: str | None = None
    extra_runs: int = 0
    kinds: tuple[str, ...] = ()

    def apply_to(self, answer: Answer) -> Answer:
        """Return the answer as it is sent: the same status, with the replaced body if any."""
        if self.replacement is None:
            return answer
        media_type, body = self.replacement
        other_headers = tuple(pair for pair in answer.headers if pair[0] != "content-type")
        headers = () if media_type is None else (("content-type", media_type),)
        return Answer(answer.status, body, (*headers, *other_headers))


NO_EFFECT = FaultEffect()
ApplyFault = Callable[[Mapping[str, Any], FaultEffect], FaultEffect]


@dataclass(frozen=True, slots=True)
class Kind:
    """One registered kind of fault.

    Attributes:
        name: the name in the control API, kebab-case.
        finds: the bug in a connector that this kind reveals.
        apply: adds its effect to that of earlier faults.
        breaks_connection: whether it needs a server with ``--wire-faults``.
        refuses: whether the call is refused without the gate's checks, and starts no run.
        before_body: whether it applies before the body is read, unless its condition depends on the
            body.
    """

    name: str
    finds: str
    apply: ApplyFault
    breaks_connection: bool = False
    refuses: bool = False
    before_body: bool = False

    @property
    def does(self) -> str:
        """What it does, in one line."""
        does, _, _ = (inspect.getdoc(self.apply) or "").partition("\n\n")
        return " ".join(does.split())

    @property
    def explanation(self) -> str:
        """What it does, in one line, and the bug that it reveals."""
        return f"fault {self.name}: {self.does} Bug that it reveals: {self.finds}."


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one tenant.

    Attributes:
        id: unique in the tenant; adding the same faults in the same order gives the same ids.
        received_before: how many calls the tenant had received when the fault was added.
        added_at: when it was added, on the tenant's clock.
        settings: the settings of this kind, camelCase.
    """

    id: str
    kind: Kind
    when: When
    received_before: int = 0
    added_at: Microseconds = 0
    settings: Mapping[str, Any] = field(default_factory=dict)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as the control API shows it."""
        return {
            "id": self.id,
            "kind": self.kind.name,
            "when": self.when.to_mapping(),
            **self.settings,
        }


KINDS: dict[str, Kind] = {}


def registered(name: str, *, finds: str, **flags: bool) -> Callable[[ApplyFault], ApplyFault]:
    """Register the decorated function as a kind; the flags are those of :class:`Kind`."""

    def register(apply: ApplyFault) -> ApplyFault:
        KINDS[name] = Kind(name, finds, apply, **flags)
        return apply

    return register


def unanswered(kind: str, connection_fault: ConnectionFault, effect: FaultEffect) -> FaultEffect:
    """Return the effect with the call refused and unanswered; totals count it as ``fault:KIND``."""
    if effect.refusal is not None:
        return effect
    return replace(
        effect,
        refusal=Refusal(f"fault:{kind}", 0, ""),
        unanswered=True,
        connection_fault=connection_fault,
    )


def acting(connection_fault: ConnectionFault, effect: FaultEffect) -> FaultEffect:
    """Return the effect with this connection fault, unless an earlier fault set one."""
    return (
        effect
        if effect.connection_fault is not None
        else replace(effect, connection_fault=connection_fault)
    )
