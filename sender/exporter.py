"""The sender's public API: :class:`Exporter` delivers profiles to one destination.

Connects intake, outbox, delivery loop, pacing and transport. What to export and when to send is
decided in those modules, not here.
"""

import os
import random
import threading
from collections.abc import Iterable, Mapping, Sequence
from types import NoneType
from typing import Any, Self

from contracts.secret import Secret
from sender import events
from sender.arguments import check_kind
from sender.clock import Clock, RealClock
from sender.dataflow import Dataflow
from sender.delivery.decisions import StopExport
from sender.delivery.invocation import INTERRUPTED, Invocation
from sender.delivery.loop import LoopParts
from sender.delivery.rates.pace import AS_THE_POLICY_SAYS, Pace, kept_options
from sender.delivery.row_batches import Row
from sender.delivery.run_source import EXPORT_ANEW, RunSource, SourceRows, all_rows
from sender.errors import ConfigurationError, ExportStoppedError, SourceChangedError
from sender.exporter_arguments import check_behaviour, check_export, check_parts
from sender.outbox import Outbox
from sender.outbox.migrations import SCHEMA_VERSION
from sender.outbox.records import Run
from sender.policies import LOSSLESS, RetryPolicy, policy_named
from sender.reporting.alerts import SKIP_RATE_ABOVE, AlertThresholds, alerts_of
from sender.reporting.report import Report
from sender.reporting.run_report import report_from
from sender.transport.api_token import token_from
from sender.transport.base import Endpoint, Transport
from sender.transport.factory import transport_named


class Exporter:
    """Exports profiles to one dataflow's destination.

    Use it as a context manager, or call :meth:`close`. It may be shared between threads: one export
    runs at a time, and others wait for it.

    Args:
        dataflow: destination, mapping and audiences.
        policy: how messages are delivered: one of :mod:`sender.policies`, or its name.
        token: the API token; default: the environment variable ``QUALTRICS_API_TOKEN``.
        outbox: the file that stores every message's state; None: in memory. Or an opened
            :class:`sender.outbox.Outbox`, which no other exporter has; closing the exporter closes
            it.
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
        ConfigurationError: an argument is of another kind or out of its range; the outbox or the
            transport cannot be used.

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
        outbox: str | os.PathLike[str] | Outbox | None = None,
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
        check_parts(dataflow, policy, token, outbox, transport)
        check_behaviour(clock, rng, workers, alert_below, skip_rate_above, subscribers)
        policy = policy_named(policy) if isinstance(policy, str) else policy
        endpoint = Endpoint.of(dataflow, policy, token_from(token))
        clock = clock or RealClock()
        pace = Pace.of(policy, calls_per_minute, calls_per_day, offered_rate)
        announcer = events.Announcer(tuple(subscribers))
        self._dataflow = dataflow
        self._thresholds = AlertThresholds(alert_below, skip_rate_above, pace.offered_rate)
        self._busy = threading.Lock()
        self._invocation: Invocation | None = None
        self._stop_requested = False
        self._hints: list[str] = []
        self._kept: dict[str, int] = {}
        self._closed = False
        self._outbox = _opened(outbox)
        self._source = RunSource(self._outbox.runs, dataflow)
        _announce_migration(self._outbox, announcer)
        try:
            self._outbox.binding.bind(dataflow, policy.name, kept_options(policy, pace))
            if isinstance(transport, str):
                grows = pace.offered_rate is not None
                transport = transport_named(transport, endpoint, clock, workers, grows=grows)
        except BaseException:
            self._outbox.close()
            raise
        rng = rng or random.Random()  # noqa: S311  ids and jitter are no secrets
        self._parts = LoopParts(self._outbox, transport, policy, pace, clock, rng, announcer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Exporter({self._dataflow!r}, policy={self._parts.policy.name!r})"

    def close(self) -> None:
        """Close the connections and the outbox. Closing twice is allowed."""
        self._closed = True
        self._parts.transport.close()
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
            ConfigurationError: an argument is of another kind; ``profiles`` is a text, such as a
                file's name.
            SourceChangedError: others stand there now, and ``profiles`` can be iterated only once;
                the next call with the same description reads all anew.
            ExportStoppedError: :meth:`stop`, or an error that affects every message, ended the
                export early; undelivered messages stay pending.
        """
        check_export(profiles, source, restated)
        with self._busy:
            last, description = self._open_outbox().runs.last(), self._source.description(source)
            self._outbox.exported.add_fields(fields)
            if last is None or not self._source.is_continued(last, description, restated=restated):
                return self._send(self._begin(description, restated=restated), all_rows(profiles))
            rest = self._source.rest(profiles, last)
            if rest is not None:
                return self._send(last, rest)
            self._parts.announcer.announce(events.SourceChanged(last.rows_read))
            run = self._begin(description, restated=restated)
            if iter(profiles) is profiles:
                raise SourceChangedError(last.rows_read, "all are read anew: pass them again")
            return self._send(run, all_rows(profiles))

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
        self._open_outbox()
        return self._source.left_unread(source, restated=restated)

    def is_restated(self, run: Run) -> bool:
        """Return whether the rows of the last run count as ingested anew."""
        return self._open_outbox().runs.is_restated(run.id)

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
            rest = self._source.rest(profiles, last)
            if rest is None:
                raise SourceChangedError(last.rows_read, EXPORT_ANEW)
            return self._send(last, rest)

    def replay_failed(self, error_code: str | None = None) -> Report:
        """Send failed messages again: all of them, or those with one error code.

        They become part of the last run, and pending messages are sent with them. If there is no
        failed message, nothing is sent.

        Raises:
            ConfigurationError: nothing was ever exported, or the error code is no text.
            ExportStoppedError: as for :meth:`export`.
        """
        check_kind("error_code", error_code, (str, NoneType), "a text, such as '500', or None")
        with self._busy:
            last = self.last_run()
            with self._outbox.transaction():
                replayed = self._outbox.losses.replay(last.id, error_code)
            return self._send(last, None) if replayed else self.report()

    def replayable_codes(self) -> dict[str, int]:
        """Count the messages that :meth:`replay_failed` would send, by error code."""
        return self._open_outbox().losses.replayable_codes()

    def stop(self) -> None:
        """Finish the calls in flight and start no more; safe from any thread or signal handler."""
        self._stop_requested = True
        if self._invocation is not None:
            self._invocation.stop()

    def report(self) -> Report:
        """Return the last run's report.

        Raises:
            ConfigurationError: nothing was ever exported.
        """
        run, now = self.last_run(), self._parts.clock.now()
        return report_from(self._outbox, run, now, goes_on=self._invocation is not None)

    def broken_rows(self) -> list[tuple[str, int | None, str]]:
        """Return source, line and reason of the last run's broken rows, up to a limit."""
        return self._outbox.runs.broken_rows(self.last_run().id)

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
        last = self._open_outbox().runs.last()
        if last is None:
            raise ConfigurationError("the outbox is empty: nothing was ever exported with it")
        return last

    def _open_outbox(self) -> Outbox:
        if self._closed:
            raise ConfigurationError("the exporter is closed")
        return self._outbox

    def _begin(self, description: Mapping[str, Any] | None, *, restated: bool) -> Run:
        now = self._parts.clock.now().timestamp()
        return self._outbox.runs.begin(now, description, restated=restated)

    def _send(self, run: Run, source: SourceRows | None) -> Report:
        invocation = Invocation(self._parts, self._dataflow, run, source)
        self._invocation = invocation
        if self._stop_requested:
            invocation.stop()
        try:
            invocation.send()
        finally:
            self._invocation = None
            self._stop_requested = False
            self._hints, self._kept = invocation.hints, invocation.kept
        return self._finished(invocation.stopped)

    def _finished(self, stopped: StopExport | None) -> Report:
        report, announce = self.report(), self._parts.announcer.announce
        for alert in alerts_of(report, self._dataflow.name, self._thresholds):
            announce(alert)
        if stopped is not None:
            announce(events.RunStopped(stopped.reason, report.pending))
            raise ExportStoppedError(
                stopped.reason,
                report,
                interrupted=stopped is INTERRUPTED,
                url_in_doubt=stopped.url_in_doubt,
            )
        announce(
            events.RunFinished(
                report.status, report.activated, report.excluded, report.failed, report.uncertain
            )
        )
        return report


def _opened(outbox: str | os.PathLike[str] | Outbox | None) -> Outbox:
    opened = outbox if isinstance(outbox, Outbox) else Outbox(outbox)
    opened.take()
    return opened


def _announce_migration(outbox: Outbox, announcer: events.Announcer) -> None:
    version = outbox.migrated_from
    if version is not None:
        announcer.announce(events.OutboxMigrated(str(outbox.path), version, SCHEMA_VERSION))
