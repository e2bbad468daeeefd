"""Makes the report of a run from what its outbox has. Pure but for reading the outbox."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sender.day_limit import DayLimit
from sender.outbox import Outbox
from sender.outbox import schema as sql
from sender.outbox.records import Run, Tally
from sender.reporting.adobe_terms import ADOBES, hour_of
from sender.reporting.estimate import ExpectedEnd, expected_end
from sender.reporting.report import (
    COMPLETED,
    FAILED,
    INTERRUPTED,
    PROCESSING,
    Exclusions,
    Failures,
    Report,
)

CONSENT_WITHDRAWN = "consent withdrawn"  # what sender.mapping.exclusions calls it


def report_from(outbox: Outbox, run: Run, now: dt.datetime, *, goes_on: bool) -> Report:
    """Make the report of a run from its outbox.

    Args:
        outbox: has the run, its messages, and how they are delivered.
        run: the run as stored.
        now: the current instant, from which its end is estimated.
        goes_on: whether an export is working on it now.
    """
    policy = outbox.binding.policy_name()
    delivery = outbox.binding.delivery(policy) if policy else {}
    report = report_of(run, outbox.runs.tally(run.id), policy, goes_on=goes_on, delivery=delivery)
    end = _expected_end(report, outbox, delivery, now.timestamp())
    return dataclasses.replace(report, expected_end=end)


def _expected_end(
    report: Report, outbox: Outbox, delivery: Mapping[str, Any], now: float
) -> ExpectedEnd | None:
    """Return when a lossless run will end.

    None for another policy, when nothing is left, and when to resume it would not help.
    """
    left = report.pending + round((report.rows_not_read or 0) * report.messages_per_row)
    if report.speaks_as_adobe or report.needs_mending or not delivery or not left:
        return None
    day = DayLimit(delivery.get("callsPerDay"), outbox.runs.calls(), now)
    rows_are_known = report.rows_not_read is not None
    return expected_end(left, delivery, day, now, rows_are_known=rows_are_known)


def report_of(
    run: Run,
    tally: Tally,
    policy: str | None,
    *,
    goes_on: bool,
    delivery: Mapping[str, Any] | None = None,
) -> Report:
    """Make the report of a run.

    Args:
        run: the run as stored.
        tally: its counts.
        policy: the name of the policy that was used last.
        goes_on: whether an export is working on it now.
        delivery: the delivery options that the policy was used with.
    """
    is_adobe, started_at = policy in ADOBES, dt.datetime.fromtimestamp(run.started_at, dt.UTC)
    states = tally.states
    exclusions = _exclusions(tally)
    pending = states.get(sql.PENDING, 0) + states.get(sql.IN_FLIGHT, 0)
    return Report(
        dataflow_run_start=hour_of(started_at) if is_adobe else started_at,
        started_at=started_at,
        processing_time_seconds=run.processing_seconds,
        status=_status(run, pending, goes_on=goes_on),
        profiles_received=sum(states.values()) + sum(tally.excluded.values()),
        activated=states.get(sql.ACTIVATED, 0),
        failed=states.get(sql.FAILED, 0),
        uncertain=states.get(sql.UNCERTAIN, 0),
        pending=pending,
        uncertain_attempts=tally.uncertain_attempts,
        exclusions=exclusions,
        failures=tuple(Failures(*row) for row in tally.failed),
        broken_rows=run.broken_rows,
        taken_over=run.taken_over,
        stopped_because=None if goes_on else run.stopped_because,
        rows_read=run.rows_read,
        source_finished=run.source_finished,
        rows_expected=run.rows_expected,
        failed_before=tally.failed_before,
        policy=policy,
        offered_rate=(delivery or {}).get("offeredRate") if is_adobe else None,
        reached_rate=run.reached_rate if is_adobe else None,
    )


def _exclusions(tally: Tally) -> tuple[Exclusions, ...]:
    """Return the exclusions; a message that an opt-out withdrew counts as one (A-EXP-4)."""
    counts = Counter(tally.excluded)
    counts[CONSENT_WITHDRAWN] += tally.states.get(sql.WITHDRAWN, 0)
    return tuple(Exclusions(reason, count) for reason, count in counts.most_common() if count)


def _status(run: Run, pending: int, *, goes_on: bool) -> str:
    if run.stopped_because is not None and not goes_on:
        return FAILED
    if not pending and run.source_finished:
        return COMPLETED
    return PROCESSING if goes_on else INTERRUPTED
