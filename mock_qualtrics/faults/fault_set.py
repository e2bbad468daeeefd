"""The faults of one tenant, and their effect on a call."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from mock_qualtrics.errors import InvalidFaultError, UnknownFaultError, WireFaultsOffError
from mock_qualtrics.faults.effects import KINDS, NO_EFFECT, Fault, FaultEffect
from mock_qualtrics.faults.matching import (
    Between,
    Body,
    CallContext,
    SinceFirstCall,
    When,
    when_from,
)
from mock_qualtrics.model import Call, Microseconds


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of the tenant's earlier calls, from its journal.

    Attributes:
        received: all earlier calls.
        same_body: the earlier calls whose body has the same digest.
    """

    received: int = 0
    same_body: int = 0


class FaultSet:
    """A tenant's faults, in the order they were added.

    Choosing is pure, but for one thing: the counts come from the journal, and so survive a restart,
    and when the first call came is noted for the faults that ask for it. One thread may change the
    set while others choose.

    Args:
        seed: the tenant's seed; all random choices derive from it.
        received: returns how many calls the tenant has received; called when a fault is added.
        now: returns the instant on the tenant's clock; called when a fault is added.
    """

    def __init__(
        self,
        seed: int,
        received: Callable[[], int] = lambda: 0,
        now: Callable[[], Microseconds] = lambda: 0,
    ) -> None:
        self._seed = seed
        self._received = received
        self._now = now
        self._faults: tuple[Fault, ...] = ()
        self._added = 0
        self._first_calls: dict[str, Microseconds] = {}
        self._await_call: frozenset[str] = frozenset()
        self._lock = threading.Lock()
        self._met: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, mapping: Mapping[str, Any], *, wire_faults: bool = True) -> Fault:
        """Add the fault that the mapping describes (schema ``fault``) and return it.

        Args:
            mapping: ``{"kind", "when", …}``, camelCase.
            wire_faults: whether the server may break connections.

        Raises:
            InvalidFaultError: the mapping is no valid fault; lists every violation.
            WireFaultsOffError: the fault breaks connections and ``wire_faults`` is off.
        """
        added_at = self._now()
        _judge(mapping, added_at)
        if KINDS[mapping["kind"]].breaks_connection and not wire_faults:
            raise WireFaultsOffError(mapping["kind"])
        received_before = self._received()
        with self._lock:
            self._added += 1
            fault = _fault(f"fault-{self._added}", (received_before, added_at), mapping)
            self._replace((*self._faults, fault))
        return fault

    def remove(self, fault_id: str) -> None:
        """Remove one fault.

        Raises:
            UnknownFaultError: no fault has this id.
        """
        with self._lock:
            remaining = tuple(fault for fault in self._faults if fault.id != fault_id)
            if len(remaining) == len(self._faults):
                raise UnknownFaultError(fault_id)
            # A new tuple: threads that choose read the old one without taking the lock.
            self._replace(remaining)

    def clear(self) -> None:
        """Remove all faults, and number the next ones from 1 again."""
        with self._lock:
            self._added = 0
            self._replace(())

    def all(self) -> tuple[Fault, ...]:
        """Return the faults in the order they were added."""
        return self._faults

    def choose(
        self, call: Call, digest: bytes, counts: Counts, now: Microseconds
    ) -> tuple[Fault, ...]:
        """Return the faults that apply to this call.

        Args:
            call: the whole call.
            digest: the digest of its body.
            counts: the counts before this call.
            now: the instant on the tenant's clock.
        """
        self._note_first_call(now)
        context = CallContext(b"", 0, digest, counts.same_body, now, Body(call.body))
        return tuple(fault for fault in self._faults if self._matches(fault, context, counts))

    def effect_on(
        self, call: Call, digest: bytes, counts: Counts, now: Microseconds
    ) -> FaultEffect:
        """Return the combined effect of the faults on this call; arguments as for `choose`."""
        if not self._faults:
            return NO_EFFECT
        chosen = self.choose(call, digest, counts, now)
        self._met.update(fault.id for fault in chosen)
        return _combined(chosen)

    def met(self, fault_id: str) -> int:
        """Return how many calls met a fault's condition since it was added, or the server started.

        Calls whose connection was reset before their body came are among them.
        """
        return self._met[fault_id]

    def resets_before_body(self, counts: Counts, now: Microseconds) -> bool:
        """Return whether to reset the connection right after the headers.

        False when an earlier fault refuses the call, or might once the body is known. `effect_on`
        decides these cases, because the first refusal counts.
        """
        self._note_first_call(now)
        context = CallContext(b"", 0, b"", 0, now, Body(b""))
        for fault in self._faults:
            if fault.kind.refuses and fault.when.needs_body:
                return False
            if fault.kind.refuses and self._matches(fault, context, counts):
                return fault.kind.before_body
        return False

    def dump(self) -> dict[str, Any]:
        """Return the set as JSON, for :meth:`load`."""
        faults = [_dumped(fault, self._first_calls.get(fault.id)) for fault in self._faults]
        return {"added": self._added, "faults": faults}

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Replace the faults by those of a dumped set."""
        faults = tuple(_fault(f["id"], _added_in(f), f["fault"]) for f in dumped["faults"])
        firsts = {f["id"]: f["firstCallAt"] for f in dumped["faults"] if "firstCallAt" in f}
        with self._lock:
            self._added, self._first_calls = dumped["added"], firsts
            self._replace(faults)

    def _replace(self, faults: tuple[Fault, ...]) -> None:
        waiting = (fault.id for fault in faults if fault.when.needs_first_call)
        self._first_calls = {
            fault.id: self._first_calls[fault.id]
            for fault in faults
            if fault.id in self._first_calls
        }
        self._await_call = frozenset(waiting) - self._first_calls.keys()
        self._met = Counter({fault.id: self._met[fault.id] for fault in faults})
        self._faults = faults

    def _note_first_call(self, now: Microseconds) -> None:
        """Note the instant of the first call for the faults that ask for it."""
        if not self._await_call:
            return
        with self._lock:
            self._first_calls |= dict.fromkeys(self._await_call, now)
            self._await_call = frozenset()

    def _matches(self, fault: Fault, context: CallContext, counts: Counts) -> bool:
        key = f"{self._seed}/{fault.id}".encode()
        number = counts.received - fault.received_before + 1
        first_at = self._first_calls.get(fault.id, 0)
        return fault.when.matches(replace(context, key=key, number=number, first_at=first_at))


def _combined(faults: tuple[Fault, ...]) -> FaultEffect:
    if not faults:
        return NO_EFFECT
    kinds = tuple(dict.fromkeys(fault.kind.name for fault in faults))
    start = replace(NO_EFFECT, kinds=kinds)
    return reduce(lambda effect, fault: fault.kind.apply(fault.settings, effect), faults, start)


def _fault(fault_id: str, added: tuple[int, Microseconds], mapping: Mapping[str, Any]) -> Fault:
    settings = {key: value for key, value in mapping.items() if key not in {"kind", "when"}}
    received_before, added_at = added
    when = when_from(mapping["when"], added_at)
    return Fault(fault_id, KINDS[mapping["kind"]], when, received_before, added_at, settings)


def _dumped(fault: Fault, first_call_at: Microseconds | None) -> dict[str, Any]:
    mapping = fault.to_mapping()
    noted = {} if first_call_at is None else {"firstCallAt": first_call_at}
    return {
        **noted,
        "id": mapping.pop("id"),
        "receivedBefore": fault.received_before,
        "addedAt": fault.added_at,
        "fault": mapping,
    }


def _added_in(dumped: Mapping[str, Any]) -> tuple[int, Microseconds]:
    # Older stores have no instant, and no fault that needs one.
    return dumped["receivedBefore"], dumped.get("addedAt", 0)


def _judge(mapping: Mapping[str, Any], added_at: Microseconds) -> None:
    from contracts.validation import Violation, validate  # noqa: PLC0415  serving needs no schemas

    violations = validate(mapping, "fault")
    when: When | None = None if violations else when_from(mapping["when"], added_at)
    if isinstance(when, Between | SinceFirstCall) and when.since >= when.until:
        first, second = when.given
        ((name, _),) = when.to_mapping().items()
        violations = [Violation(f"$.when.{name}[1]", second, f"later than {first}")]
    if violations:
        raise InvalidFaultError(violations)
