"""The sender's public API: :class:`Exporter` delivers profiles to one destination.

Connects intake, outbox, delivery loop, pacing and transport. What to export and when to send is
decided in those modules, not here.
"""

import functools
import os
import random
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from pathlib import Path
from typing import Any, Self

from contracts.credentials import TOKEN_EXPECTED, token_problem, without_line_end
from contracts.secret import Secret
from sender import events
from sender.clock import Clock, RealClock
from sender.dataflow import Dataflow
from sender.dataflow.digests import export_digest
from sender.delivery.decisions import StopExport
from sender.delivery.loop import DeliveryLoop, LoopParts
from sender.delivery.offered_rate import was_kept
from sender.delivery.pace import AS_THE_POLICY_SAYS, Pace
from sender.delivery.profile_intake import ProfileIntake, Row
from sender.delivery.row_digest import RowDigest, past
from sender.errors import (
    ConfigurationError,
    ExportStoppedError,
    MissingTokenError,
    SourceChangedError,
)
from sender.outbox import Outbox
from sender.outbox.migrations import SCHEMA_VERSION
from sender.outbox.records import Run
from sender.policies import LOSSLESS, RetryPolicy, ScheduledRetries, policy_named
from sender.reporting.alerts import SKIP_RATE_ABOVE, alerts_of
from sender.reporting.report import Report
from sender.reporting.run_report import report_from
from sender.transport.base import Endpoint, Transport
from sender.transport.factory import transport_named

TOKEN_VARIABLE = "QUALTRICS_API_TOKEN"  # noqa: S105  the variable's name
EXPORT_ANEW = "export it anew, what was exported and has not changed is not sent again"


class Exporter:
    """Exports profiles to one dataflow's destination.

    Use it as a context manager, or call :meth:`close`. It may be shared between threads: one export
    runs at a time, and others wait for it.

    Args:
        dataflow: destination, mapping and audiences.
        policy: how messages are delivered: one of :mod:`sender.policies`, or its name.
        token: the API token; default: the environment variable ``QUALTRICS_API_TOKEN``.
        outbox: the file that stores every message's state; None: in memory.
        transport: ``requests``, ``fast`` (pycurl), or a :class:`sender.transport.base.Transport`.
        clock: the clock; default: the machine's.
        rng: source of trace ids and of retry jitter.
        workers: number of connections; None: the transport's default, or, with an offered rate, as
            many as hold it.
        calls_per_minute: the rate limit; None: no limit; default: the policy's. Adobe's policies
            take none.
        calls_per_day: the most calls in any day (Q-LIM-4); None: no limit; default: the policy's.
        offered_rate: with Adobe's policies: first tries per second, whatever the destination
            answers; None: as fast as this machine can.
        alert_below: announce an alert when the activation rate is below this share.
        skip_rate_above: announce Adobe's alert Activation Skip Rate Exceeded when more than this
            share of the profiles is excluded (A-ALRT-1; Adobe's own threshold is not documented).
        subscribers: called with each event, see :mod:`sender.events`.

    Raises:
        MissingTokenError: there is no token.
        OutboxInUseError: another export has locked the outbox.
        ConfigurationError: the outbox or the transport cannot be used.

    Example:
        >>> from sender import Dataflow, Exporter
        >>> flow = Dataflow.from_mapping({
        ...     "name": "Survey",
        ...     "url": "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x",
        ...     "username": "dave#brand",
        ...     "identities": [{"source": "Email", "target": "email"}],
        ... })
        >>> with Exporter(flow, token="PLACEHOLDER-TOKEN") as exporter:
        ...     report = exporter.export([{"_id": "no identity at all"}])
        >>> report.status, report.identities_excluded
        ('Completed', 1)
    """

    def __init__(  # noqa: PLR0913  the public API: every part can be replaced
        self,
        dataflow: Dataflow,
        *,
        policy: RetryPolicy | str = LOSSLESS,
        token: str | Secret | None = None,
        outbox: str | os.PathLike[str] | None = None,
        transport: str | Transport = "requests",
        clock: Clock | None = None,
        rng: random.Random | None = None,
        workers: int | None = None,
        calls_per_minute: float | None = AS_THE_POLICY_SAYS,
        calls_per_day: float | None = AS_THE_POLICY_SAYS,
        offered_rate: float | None = None,
        alert_below: float | None = None,
        skip_rate_above: float = SKIP_RATE_ABOVE,
        subscribers: Sequence[events.Subscriber] = (),
    ) -> None:
        policy = policy_named(policy) if isinstance(policy, str) else policy
        self._dataflow = dataflow
        self._policy = policy
        self._endpoint = Endpoint.of(dataflow, policy, token_from(token))
        self._clock: Clock = clock or RealClock()
        self._rng = rng or random.Random()  # noqa: S311  ids and jitter are no secrets
        self._pace = Pace.of(policy, calls_per_minute, calls_per_day, offered_rate)
        self._alert_below = alert_below
        self._skip_rate_above = skip_rate_above
        self._announcer = events.Announcer(tuple(subscribers))
        self._busy = threading.Lock()
        self._loop: DeliveryLoop | None = None
        self._stop_requested = False
        self._rows_expected: Callable[[], int | None] = lambda: None
        self._hints: list[str] = []
        self._kept: dict[str, int] = {}
        self._closed = False
        self._outbox = Outbox(None if outbox is None else Path(outbox))
        self._announce_migration()
        try:
            self._outbox.bind(dataflow, policy.name, self._kept_for_resume())
            self._transport = (
                transport_named(
                    transport,
                    self._endpoint,
                    self._clock,
                    workers,
                    grows=self._pace.offered_rate is not None,
                )
                if isinstance(transport, str)
                else transport
            )
        except BaseException:
            self._outbox.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Exporter({self._dataflow!r}, policy={self._policy.name!r})"

    def close(self) -> None:
        """Close the connections and the outbox. Closing twice is allowed."""
        self._closed = True
        self._transport.close()
        self._outbox.close()

    def export(
        self,
        profiles: Iterable[Row],
        *,
        source: Mapping[str, Any] | None = None,
        fields: Iterable[str] = (),
        restated: bool = False,
    ) -> Report:
        """Send the messages that earlier exports left pending, then export the profiles.

        Args:
            profiles: mappings, or the rows of a :class:`sender.profiles.source.ProfileSource`.
            source: a JSON description of where the profiles come from. If the last run had the same
                description and did not read its source to the end, that run is continued:
                ``profiles`` must start from the beginning again, and the rows that the run has
                already read are skipped. They are recognized by their content: if others stand
                there now, all are read anew in a new run, and what was exported and has not changed
                is not sent again.
            fields: the mapped fields that the source has, which the outbox keeps
                (:attr:`sender.profiles.source.ProfileSource.fields`).
            restated: whether each profile counts as ingested anew: its attributes are updated even
                where their values stay the same, so members are exported again (A-EXP-1). The run
                keeps this when it is continued.

        Returns:
            The run's report.

        Raises:
            ConfigurationError: ``profiles`` is a text, such as a file's name.
            SourceChangedError: others stand there now, and ``profiles`` can be iterated only once;
                the next call with the same description reads all anew.
            ExportStoppedError: :meth:`stop`, or an error that affects every message, ended the
                export early; undelivered messages stay pending.
        """
        if type(profiles) in {str, bytes}:
            raise ConfigurationError(
                "profiles: found a text, expected profiles; a file's are "
                "sender.profiles.source.read_profiles([path], sys.stdin.buffer)"
            )
        with self._busy:
            last, description = self._open_outbox().last_run(), self._with_mapping(source)
            self._outbox.add_fields(fields)
            self._rows_expected = _rows_expected(profiles)
            if last is None or not self._continues(last, description, restated=restated):
                return self._send(self._begin(description, restated=restated), profiles)
            rest = self._past(profiles, last)
            if rest is not None:
                return self._send(last, *rest)
            self._announcer.announce(events.SourceChanged(last.rows_read))
            run = self._begin(description, restated=restated)
            if iter(profiles) is profiles:
                raise SourceChangedError(last.rows_read, "all are read anew: pass them again")
            return self._send(run, profiles)

    def left_unread(
        self, source: Mapping[str, Any] | None, *, restated: bool = False
    ) -> Run | None:
        """Return the last run, if an export of ``source`` would leave rows of its source unread.

        The messages of rows that it has read are sent in any case. The rows that it has not read
        would not be exported unless its source is exported again; those of a restated export
        would not be exported anew unless that is said again.

        Args:
            source: as for :meth:`export`.
            restated: as for :meth:`export`.
        """
        last = self._open_outbox().last_run()
        if last is None or last.source_finished:
            return None
        # The same source is read to its end: from where the last run stopped, or, after a change of
        # the mapping, from its first row. So the mapping is left out of this comparison.
        is_same_source = source is not None and (
            self._with_mapping(last.source) == self._with_mapping(source)
        )
        is_all = restated or not self._outbox.is_restated(last.id)
        return None if is_same_source and is_all else last

    def is_restated(self, run: Run) -> bool:
        """Return whether the rows of the last run count as ingested anew."""
        return self._open_outbox().is_restated(run.id)

    def resume(self, profiles: Iterable[Row] | None = None) -> Report:
        """Send the messages that earlier exports left pending, as part of the last run.

        Args:
            profiles: the last run's source from its beginning, if it was not read to its end.

        Raises:
            ConfigurationError: nothing was ever exported.
            SourceChangedError: the rows that it has read are not the ones that stand there now;
                nothing was sent.
            ExportStoppedError: as for :meth:`export`.
        """
        with self._busy:
            last = self.last_run()
            if profiles is None or last.source_finished:
                return self._send(last, None)
            self._rows_expected = _rows_expected(profiles)
            rest = self._past(profiles, last)
            if rest is None:
                raise SourceChangedError(last.rows_read, EXPORT_ANEW)
            return self._send(last, *rest)

    def replay_failed(self, error_code: str | None = None) -> Report:
        """Send failed messages again: all of them, or those with one error code.

        They become part of the last run, and pending messages are sent with them. If there is no
        failed message, nothing is sent.

        Raises:
            ConfigurationError: nothing was ever exported.
            ExportStoppedError: as for :meth:`export`.
        """
        with self._busy:
            last = self.last_run()
            with self._outbox.transaction():
                replayed = self._outbox.replay(last.id, error_code)
            return self._send(last, None) if replayed else self.report()

    def replayable_codes(self) -> dict[str, int]:
        """Count the messages that :meth:`replay_failed` would send, by error code."""
        return self._open_outbox().replayable_codes()

    def stop(self) -> None:
        """Finish the calls in flight and start no more; safe from any thread or signal handler."""
        self._stop_requested = True
        if self._loop is not None:
            self._loop.stop_requested = True

    def report(self) -> Report:
        """Return the last run's report.

        Raises:
            ConfigurationError: nothing was ever exported.
        """
        run, now = self.last_run(), self._clock.now()
        return report_from(self._outbox, run, now, goes_on=self._loop is not None)

    def broken_rows(self) -> list[tuple[str, int | None, str]]:
        """Return source, line and reason of the last run's broken rows, up to a limit."""
        return self._outbox.broken_rows(self.last_run().id)

    def identity_hints(self) -> list[str]:
        """Return what profiles had in place of an identity or a status, in the last invocation.

        One sentence each, the most frequent first, with columns and kinds of values but no value.
        """
        return self._hints

    def kept_memberships(self) -> dict[str, int]:
        """Return how many profiles stayed in an audience that their source did not tell of.

        By the audience's id, in the last invocation. Their exits, if there were any, were not sent.
        """
        return self._kept

    def last_run(self) -> Run:
        """Return the latest run.

        Raises:
            ConfigurationError: nothing was ever exported.
        """
        last = self._open_outbox().last_run()
        if last is None:
            raise ConfigurationError("the outbox is empty: nothing was ever exported with it")
        return last

    def _with_mapping(self, source: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """Return a source's description with a digest of the mapping.

        After a change of the mapping a source has to be read from its first row again, because the
        rows already read would be exported differently.
        """
        return None if source is None else {**source, "exportedAs": export_digest(self._dataflow)}

    def _kept_for_resume(self) -> dict[str, Any]:
        kept = self._pace.to_mapping()
        if isinstance(self._policy.retries, ScheduledRetries):
            kept["retryAfter"] = list(self._policy.retries.after_first_failure_seconds)
        return kept

    def _announce_migration(self) -> None:
        version = self._outbox.migrated_from
        if version is not None:
            path, current = str(self._outbox.path), SCHEMA_VERSION
            self._announcer.announce(events.OutboxMigrated(path, version, current))

    def _open_outbox(self) -> Outbox:
        if self._closed:
            raise ConfigurationError("the exporter is closed")
        return self._outbox

    def _begin(self, description: Mapping[str, Any] | None, *, restated: bool) -> Run:
        now = self._clock.now().timestamp()
        return self._outbox.begin_run(now, description, restated=restated)

    def _continues(self, last: Run, source: Mapping[str, Any] | None, *, restated: bool) -> bool:
        """Return whether an export of a source goes on with the last run."""
        is_same = source is not None and not last.source_finished and last.source == source
        return is_same and self._outbox.is_restated(last.id) == restated

    def _past(self, profiles: Iterable[Row], run: Run) -> tuple[Iterable[Row], RowDigest] | None:
        """Return the profiles that a run has not read; None if those before are others now."""
        return past(profiles, run.rows_read, self._outbox.read_digest(run.id))

    def _send(
        self, run: Run, rows: Iterable[Row] | None, digest: RowDigest | None = None
    ) -> Report:
        outbox, announcer = self._outbox, self._announcer
        parts = LoopParts(
            outbox, self._transport, self._policy, self._pace, self._clock, self._rng, announcer
        )
        intake = ProfileIntake(
            rows or (),
            self._dataflow,
            outbox,
            run.id,
            self._rng,
            keeps_order=self._policy.keeps_order,
        )
        intake.finished = rows is None
        if rows is not None:
            intake.expected = self._rows_expected
        intake.digest = digest or RowDigest()
        loop = DeliveryLoop(parts, intake, run.started_at)
        loop.stop_requested = self._stop_requested
        self._loop = loop
        announcer.announce(
            events.ExportStarted(self._dataflow.name, self._policy.name, outbox.unfinished())
        )
        announcer.announce(events.DestinationFlowRunStart(self._dataflow.name))
        if self._policy.drops_messages and self._pace.offered_rate is None:
            announcer.announce(events.NoOfferedRate(self._policy.name))
        outbox.end_run(run.id, None)  # clear the reason for which an earlier invocation stopped
        try:
            loop.run()
        finally:
            self._loop = None
            self._stop_requested = False
            self._hints = list(intake.hints.sentences())
            self._kept = dict(intake.kept)
            stopped_because = loop.stopped.reason if loop.stopped else intake.unread_because
            outbox.end_run(run.id, stopped_because)
        return self._finished(loop)

    def _finished(self, loop: DeliveryLoop) -> Report:
        if loop.intake_error is not None:
            raise loop.intake_error
        report = self.report()
        self._tell_missed_rate(report)
        self._alert(report)
        for alert in alerts_of(report, self._dataflow.name, self._skip_rate_above):
            self._announcer.announce(alert)
        if loop.stopped is not None or loop.stop_requested:
            stopped = loop.stopped or StopExport("interrupted")
            self._announcer.announce(events.RunStopped(stopped.reason, report.pending))
            raise ExportStoppedError(
                stopped.reason,
                report,
                interrupted=loop.stopped is None,
                url_in_doubt=stopped.url_in_doubt,
            )
        self._announcer.announce(_finished_event(report))
        return report

    def _tell_missed_rate(self, report: Report) -> None:
        offered, reached = self._pace.offered_rate, report.reached_rate
        if offered is not None and reached is not None and not was_kept(offered, reached):
            self._announcer.announce(events.OfferedRateMissed(offered, reached))

    def _alert(self, report: Report) -> None:
        lost = report.failed + report.uncertain
        if lost or report.is_rate_below(self._alert_below):
            rate = report.activation_rate
            self._announcer.announce(
                events.ActivationRateLow(rate, self._alert_below, lost, report.pending)
            )


def _rows_expected(profiles: object) -> Callable[[], int | None]:
    """Return what tells about how many rows a source has; what is read as it comes cannot."""
    if isinstance(profiles, Sized):
        return functools.partial(len, profiles)
    return getattr(profiles, "rows_expected", lambda: None)


def token_from(token: str | Secret | None) -> Secret:
    """Return the given token, or else the one in the environment, without a line end.

    Raises:
        MissingTokenError: there is none.
        ConfigurationError: it has something in it that no token has.
    """
    given = token.reveal() if isinstance(token, Secret) else token
    where = TOKEN_VARIABLE if given is None else "token"
    text = without_line_end(os.environ.get(TOKEN_VARIABLE, "") if given is None else given)
    if not text:
        raise MissingTokenError(
            f"no API token: set the environment variable {TOKEN_VARIABLE} (Qualtrics shows the "
            "token under Account Settings, Qualtrics IDs, API)"
        )
    if problem := token_problem(text):
        raise ConfigurationError(f"{where}: found {problem}, expected {TOKEN_EXPECTED}")
    return Secret(text)


def _finished_event(report: Report) -> events.RunFinished:
    return events.RunFinished(
        report.status, report.activated, report.excluded, report.failed, report.uncertain
    )
