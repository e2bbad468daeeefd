"""Which runs an accepted call starts, and when: delays, queues and the daily limit (Q-LIM-4)."""

from mock_qualtrics import ids
from mock_qualtrics.clock import DAY, LAST_INSTANT, SECOND, to_microseconds
from mock_qualtrics.faults.effects import NO_EFFECT, FaultEffect
from mock_qualtrics.journal import Journal, TenantCounters
from mock_qualtrics.model import Microseconds, NewRun
from mock_qualtrics.store.schema import RUNS_PER_CALL
from mock_qualtrics.tenants.delays import Workers
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Workflow

MINUTE: Microseconds = 60 * SECOND


def runs_started_by(
    tenant: Tenant, workflow: Workflow, journal: Journal, now: Microseconds, effect: FaultEffect
) -> tuple[NewRun, ...]:
    """Return the runs that a call starts; each counts against the tenant's daily limit."""
    count = min(1 + effect.extra_runs, RUNS_PER_CALL)
    return tuple([_run(tenant, workflow, journal, now, effect, place) for place in range(count)])


def run_started_now(
    tenant: Tenant, workflow: Workflow, journal: Journal, now: Microseconds
) -> NewRun:
    """Return the run that "Run now" starts; a setting says whether the day counts it (Q-WF-7)."""
    if tenant.answers.run_now_takes_from_the_day:
        run = _run(tenant, workflow, journal, now, NO_EFFECT, 0)
    else:
        run = NewRun(workflow.number, _due_at(tenant, workflow, journal, now, 0))
    return run._replace(extra=True, run_now=True)


def _run(
    tenant: Tenant,
    workflow: Workflow,
    journal: Journal,
    now: Microseconds,
    effect: FaultEffect,
    place: int,
) -> NewRun:
    counters = journal.counters(tenant.number)
    blocked = _count_against_day(tenant, counters, now)
    due_at = now if blocked else _due_at(tenant, workflow, journal, now, place)
    return NewRun(workflow.number, due_at, blocked, place > 0, effect.scripted_failure)


def _count_against_day(tenant: Tenant, counters: TenantCounters, now: Microseconds) -> str | None:
    """Count one run of the brand's day; return why it is blocked, or None."""
    day, limit = _day(tenant, now), tenant.limits.runs_per_day
    if counters.day != day:
        counters.day, counters.runs_today = day, 0
    if counters.runs_today >= limit:
        return f"the daily limit of {limit} runs is reached"
    counters.runs_today += 1
    return None


def runs_of_the_day(tenant: Tenant, counters: TenantCounters, now: Microseconds) -> int:
    """Return how many runs the brand's day has counted (Q-LIM-4)."""
    return counters.runs_today if counters.day == _day(tenant, now) else 0


def _day(tenant: Tenant, now: Microseconds) -> int:
    return (now - tenant.answers.day_begins_at_minute * MINUTE) // DAY


def _due_at(
    tenant: Tenant, workflow: Workflow, journal: Journal, now: Microseconds, place: int
) -> Microseconds:
    """Return when the run is due: at the latest at the last instant, which a clock can reach."""
    delay = workflow.settings.delay
    chance = 0.0
    if delay.random:
        # The call's number, not chance of its own: the same calls get the same delays again.
        counter = journal.next_call(tenant.number) * RUNS_PER_CALL + place
        chance = ids.fraction(tenant.key, "delay", counter)
    duration = to_microseconds(delay.seconds(chance))
    if not delay.workers:
        return min(now + duration, LAST_INSTANT)
    queue = tenant.queues.get(workflow.number)
    if queue is None:  # the first call since the start: earlier runs may still occupy the workers
        busy_until = journal.reader.latest_due(workflow.number, delay.workers)
        queue = tenant.queues[workflow.number] = Workers(delay.workers, busy_until)
    return min(queue.finish_at(now, duration), LAST_INSTANT)
