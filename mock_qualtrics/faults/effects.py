"""What a fault is, what it does to one call, and the registry of kinds.

A kind registers one function, which takes what earlier faults do to the call and adds its own.
Nothing here acts: the engine and the server carry the effect out.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mock_qualtrics.faults.matching import When
from mock_qualtrics.model import Answer, Refusal


class ConnectionFault(enum.StrEnum):
    """What is done to the connection instead of sending the answer as it should be."""

    HANG = "hang"
    RESET = "reset"
    TRUNCATE = "truncate"
    DRIBBLE = "dribble"
    WRONG_LENGTH = "wrong-length"


@dataclass(frozen=True, slots=True)
class FaultEffect:
    """What the faults do to one call, all of them together; the default does nothing.

    Attributes:
        refusal: the gate is not asked; the call is refused with this. It starts nothing.
        unanswered: the caller gets no answer; the journal's row has no status.
        latency_seconds: how much later, in real time, the answer goes out.
        connection_fault: what happens to the connection, after the journal has committed.
        replacement: what is sent instead of the answer's body, with its media type.
        calls_per_minute: the limit in force for this call, when lower than the tenant's.
        run_failure: why the run that this call starts ends Failed.
        extra_runs: how many more runs the call starts than the one it should.
    """

    refusal: Refusal | None = None
    unanswered: bool = False
    latency_seconds: float = 0.0
    connection_fault: ConnectionFault | None = None
    replacement: tuple[str, bytes] | None = None
    calls_per_minute: int | None = None
    run_failure: str | None = None
    extra_runs: int = 0

    def apply_to(self, answer: Answer) -> Answer:
        """Return the answer as it is sent: the same status, perhaps another body."""
        if self.replacement is None:
            return answer
        media_type, body = self.replacement
        kept = tuple(pair for pair in answer.headers if pair[0] != "content-type")
        return Answer(answer.status, body, (("content-type", media_type), *kept))


NO_EFFECT = FaultEffect()
ApplyFault = Callable[[Mapping[str, Any], FaultEffect], FaultEffect]


@dataclass(frozen=True, slots=True)
class Kind:
    """One registered kind of fault.

    Attributes:
        name: as in the control API, kebab-case.
        finds: the bug in a connector that it brings to light.
        apply: adds what it does to what earlier faults do.
        breaks_connection: it needs a server that was told ``--wire-faults``.
        refuses: the gate is not asked, and nothing is started.
        before_body: it applies before the body is read, where its choice does not depend on it.
    """

    name: str
    finds: str
    apply: ApplyFault
    breaks_connection: bool = False
    refuses: bool = False
    before_body: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one tenant.

    Attributes:
        id: unique in its tenant, and the same whenever the same faults are added in order.
        received_before: how many calls the tenant had received when it was added.
        settings: what is particular to the kind, camelCase.
    """

    id: str
    kind: Kind
    when: When
    received_before: int = 0
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
    """Register the decorated effect as the kind of that name; flags as in :class:`Kind`."""

    def register(apply: ApplyFault) -> ApplyFault:
        KINDS[name] = Kind(name, finds, apply, **flags)
        return apply

    return register


def unanswered(kind: str, connection_fault: ConnectionFault, effect: FaultEffect) -> FaultEffect:
    """Return the effect with the call refused and never answered; ``fault:KIND`` in the totals."""
    if effect.refusal is not None:
        return effect
    return replace(
        effect,
        refusal=Refusal(f"fault:{kind}", 0, ""),
        unanswered=True,
        connection_fault=connection_fault,
    )


def acting(connection_fault: ConnectionFault, effect: FaultEffect) -> FaultEffect:
    """Return the effect with that connection fault, unless an earlier fault has one."""
    return (
        effect
        if effect.connection_fault is not None
        else replace(effect, connection_fault=connection_fault)
    )
