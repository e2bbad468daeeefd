"""What the page of the controls shows of a tenant: clock, faults, limits, credentials. No HTML."""

from typing import TYPE_CHECKING, Any, Final

from mock_qualtrics.clock import format_instant
from mock_qualtrics.runs.scheduling import runs_of_the_day
from mock_qualtrics.tenants.tenant import DEFAULT_TENANT
from mock_qualtrics.web.pages.controls import fault_forms

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.tenant import Tenant

CLOCKS: Final = {
    "real": "It is the machine's clock: runs start when they are due, and nothing can move it. "
    "A tenant with a skipping or a virtual clock need not wait.",
    "skipping": "It goes with real time, and jumps ahead when it is advanced or somebody waits for "
    "outcomes of runs.",
    "virtual": "It stands still until it is advanced: no run starts by itself.",
}
"""The kinds of clocks, each with what it does."""


def clock(engine: "Engine", tenant: "Tenant") -> dict[str, Any]:
    """Return what a tenant's clock shows, and what waits for it."""
    with engine.lock:
        due = engine.journal.run_queue.next_moment(tenant.clock_number)
        pending = engine.journal.counters(tenant.number).pending
        now = tenant.clock.now()
    return {
        "kind": tenant.settings.clock,
        "does": CLOCKS[tenant.settings.clock],
        "moves": not tenant.real,
        "now": format_instant(now),
        "pending": pending,
        # The real clock is shared: what is due next on it may be another tenant's.
        "due": None if due is None or tenant.real else format_instant(due[0]),
    }


def usage(engine: "Engine", tenant: "Tenant") -> list[dict[str, Any]]:
    """Return how much of each limit that counts is used now (Q-LIM-1, Q-LIM-4)."""
    with engine.lock:
        now = tenant.clock.now()
        calls = tenant.window.used(now)
        runs = runs_of_the_day(tenant, engine.journal.counters(tenant.number), now)
    limits = tenant.limits
    span = "minute" if limits.window_seconds == 60 else f"{limits.window_seconds} s"  # noqa: PLR2004
    return [
        {
            "id": "used-calls",
            "of": f"Calls of the {span}",
            "used": calls,
            "limit": limits.calls_per_minute,
        },
        {"id": "used-runs", "of": "Runs of the day", "used": runs, "limit": limits.runs_per_day},
    ]


def after_a_restart(tenant: "Tenant") -> str:
    """Return what holds of changed limits once the server was started again."""
    if tenant.number == DEFAULT_TENANT:
        return (
            "Changes hold until the server is started again: this tenant's limits and assumptions "
            "are flags of each start (--calls-per-minute, --payload-bytes, --runs-per-day, "
            "--assume)."
        )
    return "Changes are stored, and hold after a restart too."


def faults(engine: "Engine", tenant: "Tenant") -> dict[str, Any]:
    """Return a tenant's faults, and the kinds that can be added."""
    return {
        "added": [fault_forms.added(one, tenant.faults.met(one.id)) for one in tenant.faults.all()],
        "kinds": fault_forms.kinds(wire_faults=engine.settings.wire_faults),
    }


def lost_by_reset(engine: "Engine", tenant: "Tenant") -> dict[str, int]:
    """Return how much a reset deletes."""
    counters = engine.journal.counters(tenant.number)
    return {
        "calls": counters.received + counters.other_calls,
        "pending": counters.pending,
        "faults": len(tenant.faults.all()),
    }
