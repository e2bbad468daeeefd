"""Reads profiles in batches and stores them as messages, exclusions and broken rows.

One batch is one transaction of the outbox: the messages, the last exports of their profiles, and
how far the source has been read are committed together. So after a kill no row is lost or exported
twice.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sender.dataflow import Dataflow
from sender.dataflow.digests import destination_of, profile_digest
from sender.delivery.row_digest import RowDigest
from sender.mapping import Mapper, message_body, profile_key, trace_id
from sender.mapping.activation import Export, Known, decide
from sender.mapping.exclusions import Excluded, ExclusionReason
from sender.mapping.hints.identity_hints import IdentityHints
from sender.mapping.profile_state import REALIZED, ProfileState
from sender.mapping.triggers import Triggers
from sender.outbox import Outbox
from sender.outbox.records import NO_MESSAGE, LastExport, StoredMessage
from sender.profiles import NOTHING_YET, BrokenRow, NothingYet, ProfileRow, UnreadRows

BATCH_ROWS = 256
BROKEN_ROWS_KEPT = 1000
UNREAD_SHOWN = 3

Row = ProfileRow | BrokenRow | NothingYet | Mapping[str, Any]


@dataclass(slots=True)
class Batch:
    """The result of a batch of rows.

    Attributes:
        messages: the messages to send.
        exports: the new last exports, by the profiles' digests.
        exclusions: number of profiles not exported, by reason.
        broken: source, line and reason of rows that are not a profile.
        opted_out: the last messages from before an opt-out, of which nothing is sent any more.
        unsent: the digests of profiles that opted out and for which no exit is exported.
    """

    messages: list[StoredMessage] = field(default_factory=list)
    exports: dict[bytes, LastExport] = field(default_factory=dict)
    exclusions: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, int | None, str]] = field(default_factory=list)
    opted_out: list[int] = field(default_factory=list)
    unsent: list[bytes] = field(default_factory=list)


class Stored(NamedTuple):
    """What a batch changed in the outbox.

    Attributes:
        messages: the new messages.
        withdrawn: the messages, old or new, that were pending and are not sent any more.
    """

    messages: list[StoredMessage]
    withdrawn: frozenset[int]


class ProfileIntake:
    """Reads rows from a source and stores the messages to send for them.

    Args:
        rows: profiles, or rows of a profile source.
        dataflow: destination, mapping and audiences.
        outbox: stores messages and last exports.
        run_id: the run that the rows belong to.
        rng: source of trace ids.
        keeps_order: whether a message waits for its profile's previous one.

    Attributes:
        finished: whether there is nothing more to read.
        unread: what of the source could not be read, one sentence each.
        digest: the digest of the rows that the run has read, those before this invocation too.
        hints: what profiles have in place of an identity or a status.
        kept: number of profiles that stay in an audience, by its id, because their source does not
            tell whether they have left it.
        expected: returns about how many rows the source has; None: unknown.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        dataflow: Dataflow,
        outbox: Outbox,
        run_id: int,
        rng: random.Random,
        *,
        keeps_order: bool = True,
    ) -> None:
        self._rows: Iterator[Row] = iter(rows)
        self._mapper = Mapper(dataflow)
        self._destination = destination_of(dataflow)
        self._outbox = outbox
        self.run_id = run_id
        self._rng = rng
        self._keeps_order = keeps_order
        self._triggers = self._triggers_of_run()
        self.digest = RowDigest()
        self._row_number = 0
        self._broken_kept = 0
        self.finished = False
        self.unread: list[str] = []
        self.hints = IdentityHints()
        self.kept: Counter[str] = Counter()
        self.expected: Callable[[], int | None] = lambda: None
        self.received = 0
        self.excluded = 0
        self.broken = 0

    def _triggers_of_run(self) -> Triggers:
        activated = self._outbox.exported.activated(self._destination)
        mapped = self._mapper.audiences.ids
        return Triggers(
            self._mapper.dataflow.when_to_activate,
            restated=self._outbox.runs.is_restated(self.run_id),
            first_activated=mapped - activated.ever,
            activated_again=(mapped & activated.ever) - activated.last,
        )

    @property
    def unread_because(self) -> str | None:
        """Why the source was not read to its end although nothing more can be read."""
        if not self.unread:
            return None
        more = len(self.unread) - UNREAD_SHOWN
        shown = "; ".join(self.unread[:UNREAD_SHOWN])
        return f"{shown}; and {more} more" if more > 0 else shown

    def rows_expected(self) -> int | None:
        """Return about how many rows the source has, those of earlier invocations too."""
        return self.expected()

    def read(self) -> list[Row]:
        """Read the next rows: a batch, or fewer if a live source has no more at the moment.

        Raises:
            Exception: any exception of the caller's iterable.
        """
        rows: list[Row] = []
        for row in self._rows:
            if row is NOTHING_YET:
                return rows
            if isinstance(row, UnreadRows):
                self.unread.append(_storable(str(row)))
                continue
            rows.append(row)
            if len(rows) == BATCH_ROWS:
                return rows
        self.finished = True
        return rows

    def store(self, rows: list[Row], now: dt.datetime) -> Stored:
        """Store the result of these rows; called inside a transaction of the outbox."""
        batch = self._sort(rows, now)
        self._count(rows, batch)
        self._outbox.exported.keep_last_exports(batch.exports)
        self._outbox.runs.add_exclusions(self.run_id, batch.exclusions)
        kept = batch.broken[: BROKEN_ROWS_KEPT - self._broken_kept]
        self._broken_kept += len(kept)
        self._outbox.runs.add_broken_rows(self.run_id, kept)
        for row in rows:
            self.digest.add(row)
        self._outbox.runs.keep_read_digest(self.run_id, self.digest.text())
        is_read = self.finished and not self.unread
        if is_read:
            self._outbox.exported.keep_activated(
                self._destination, self._mapper.audiences.active(now), self._mapper.audiences.ids
            )
        self._outbox.runs.advance(self.run_id, len(rows), len(batch.broken), finished=is_read)
        self._outbox.messages.add(self.run_id, batch.messages)
        # What this batch itself has added is withdrawn too.
        withdrawn = frozenset(self._outbox.messages.withdraw(batch.opted_out))
        self._outbox.exported.forget_unsent(batch.unsent)
        return Stored(batch.messages, withdrawn)

    def _sort(self, rows: list[Row], now: dt.datetime) -> Batch:
        batch = Batch()
        profiles = [profile for row in rows if (profile := self._profile(row, batch)) is not None]
        dataflow = self._mapper.dataflow
        keys = [profile_key(row.profile, dataflow) for row in profiles]
        digests = [None if key is None else profile_digest(self._destination, key) for key in keys]
        known = [digest for digest in digests if digest is not None]
        stored = self._outbox.exported.last_exports(known)
        for row, digest in zip(profiles, digests, strict=True):
            # A profile may occur twice in one batch: its earlier row counts as its last export.
            last = None if digest is None else batch.exports.get(digest, stored.get(digest))
            previous = None if last is None else ProfileState.from_json(last.state)
            decision = decide(
                previous, row.profile, self._mapper, now, row.known_audiences, self._triggers
            )
            if not (isinstance(decision, Export) and decision.is_opt_out):
                self._count_kept(row, previous)
            if digest is not None and last is not None and self._opts_out(decision, previous):
                batch.opted_out.append(last.seq)
                batch.unsent += [digest] * isinstance(decision, Excluded)
            if isinstance(decision, Excluded):
                batch.exclusions[decision.reason.value] += 1
                self.hints.add(decision.hint)
                if digest is not None and isinstance(decision, Known):
                    seq = NO_MESSAGE if last is None else last.seq
                    batch.exports[digest] = LastExport(decision.state.to_json(), seq)
            else:
                self._export(decision, digest, last, batch)
        return batch

    def _count_kept(self, row: ProfileRow, previous: ProfileState | None) -> None:
        if previous is not None and row.known_audiences is not None:
            untold = self._mapper.audiences.ids - row.known_audiences
            self.kept.update(key for key in untold if previous.statuses.get(key) == REALIZED)

    def _export(
        self, export: Export, digest: bytes | None, last: LastExport | None, batch: Batch
    ) -> None:
        seq = self._outbox.messages.last_seq() + 1 + len(batch.messages)
        body, previous = message_body(export.content), None if last is None else last.seq
        message = StoredMessage(
            seq, trace_id(self._rng), body, after_seq=previous, waits=self._waits_for(previous)
        )
        batch.messages.append(message)
        if digest is not None:
            batch.exports[digest] = LastExport(export.state.to_json(), seq)

    def _waits_for(self, seq: int | None) -> bool:
        if seq is None or not self._keeps_order:
            return False
        is_of_this_batch = seq > self._outbox.messages.last_seq()
        return is_of_this_batch or self._outbox.messages.is_unfinished(seq)

    def _opts_out(self, decision: Export | Excluded, previous: ProfileState | None) -> bool:
        """Return whether what was exported before must not be sent any more.

        An exit must: it tells of the opt-out.
        """
        if isinstance(decision, Export):
            return decision.is_opt_out
        is_withdrawn = decision.reason is ExclusionReason.CONSENT_WITHDRAWN
        return (
            is_withdrawn
            and previous is not None
            and not previous.has_left(self._mapper.audiences.ids)
        )

    def _profile(self, row: object, batch: Batch) -> ProfileRow | None:
        self._row_number += 1
        if isinstance(row, ProfileRow):
            return row
        if isinstance(row, BrokenRow):
            batch.broken.append((_storable(row.source), row.line, row.reason))
        elif isinstance(row, Mapping):
            return ProfileRow(row, "profiles", self._row_number)
        else:
            reason = f"a {type(row).__name__}; expected a mapping"
            batch.broken.append(("profiles", self._row_number, reason))
        return None

    def _count(self, rows: list[Row], batch: Batch) -> None:
        self.received += len(rows) - len(batch.broken)
        self.excluded += batch.exclusions.total()
        self.broken += len(batch.broken)


def _storable(text: str) -> str:
    # A file's name may hold bytes that are not UTF-8, which SQLite cannot store as text.
    return text.encode("utf-8", "replace").decode()


def previewed(
    rows: Iterable[ProfileRow | BrokenRow | NothingYet], dataflow: Dataflow, now: dt.datetime
) -> Iterator[bytes | Excluded | BrokenRow]:
    """Yield the result of each row in a first export; stores nothing.

    Args:
        rows: the rows of a profile source.
        dataflow: destination, mapping and audiences.
        now: the current instant, with its time zone.
    """
    mapper = Mapper(dataflow)
    for row in rows:
        if isinstance(row, NothingYet):
            continue
        if isinstance(row, BrokenRow):
            yield row
            continue
        decision = decide(None, row.profile, mapper, now, row.known_audiences)
        yield decision if isinstance(decision, Excluded) else message_body(decision.content)
