"""Where a tenant stands, as a short text: equal texts mean that nothing has changed.

A position is made of what is stored: the counters of the tenant and of the calls that name none, as
of the last commit, and the tenant's settings, faults and workflows. So it needs no log and no
queue, is the same after a restart, and never has what a killed process had not stored.
"""

import hashlib
import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from mock_qualtrics.journal import UNATTRIBUTED, TenantCounters

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.tenant import Tenant

_WRITTEN: Final = re.compile("-".join([r"([0-9]{1,15})"] * 4) + "-([0-9a-f]{16})", re.ASCII)


class Position(NamedTuple):
    """Where a tenant stands.

    Attributes:
        resets: how often the tenant was reset.
        calls: how many calls its journal has counted since the last reset.
        runs: how many runs, in any state.
        unattributed: how many calls named no tenant.
        digest: of everything that is stored of the tenant, and counted.
    """

    resets: int
    calls: int
    runs: int
    unattributed: int
    digest: str

    def __str__(self) -> str:
        return "-".join(map(str, self))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the position that a text has; None when it has none."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            return None
        resets, calls, runs, unattributed = map(int, match.groups()[:4])
        return cls(resets, calls, runs, unattributed, match[5])

    def since(self, earlier: "Position | None") -> dict[str, int] | None:
        """Return how many calls and runs are new; None when it is not known.

        Args:
            earlier: the position before; None for an unknown one.
        """
        if earlier is None or earlier.resets != self.resets:
            return None
        new = {
            "calls": self.calls - earlier.calls,
            "runs": self.runs - earlier.runs,
            "unattributedCalls": self.unattributed - earlier.unattributed,
        }
        return new if min(new.values()) >= 0 else None


class Standing(NamedTuple):
    """Where a tenant stands, and its totals there, as the control API shows them."""

    position: Position
    totals: dict[str, Any]


def standing_of(engine: "Engine", tenant_number: int) -> Standing | None:
    """Return where a tenant stands; None when it was deleted.

    Args:
        engine: the engine.
        tenant_number: the tenant, or `UNATTRIBUTED` for the calls that name none.
    """
    with engine.lock:
        tenant = engine.tenants.by_number(tenant_number)
        if tenant is None and tenant_number != UNATTRIBUTED:
            return None
        resets, settings = (tenant.resets, engine.tenants.digests.of(tenant)) if tenant else (0, "")
        own, stray = engine.journal.written(tenant_number), engine.journal.written(UNATTRIBUTED)
    counters, others = _counters(tenant_number, own), _counters(UNATTRIBUTED, stray)
    digest = hashlib.blake2b(f"{own}\n{stray}\n{settings}".encode(), digest_size=8)
    position = Position(resets, counters.calls, _runs(counters), others.calls, digest.hexdigest())
    return Standing(position, counters.totals())


def position_of(engine: "Engine", tenant: "Tenant | None") -> str:
    """Return the position of a tenant, or without one of the calls that name none.

    Ask for it before reading what is shown with it: then no change is missed.
    """
    standing = standing_of(engine, UNATTRIBUTED if tenant is None else tenant.number)
    return "" if standing is None else str(standing.position)


def concerns(tenant_number: int, changed: Collection[int]) -> bool:
    """Return whether a tenant stands elsewhere after a change of these tenants' counts.

    Every tenant's pages show the calls that name none.
    """
    return tenant_number in changed or UNATTRIBUTED in changed


def _counters(tenant_number: int, document: str) -> TenantCounters:
    if not document:
        return TenantCounters(tenant_number)
    return TenantCounters.from_document(document)


def _runs(counters: TenantCounters) -> int:
    return counters.pending + counters.succeeded + counters.failed + counters.blocked
