"""Reads profiles in batches and stores them as messages, exclusions and broken rows.

One batch is one transaction of the outbox: the messages, the last exports of their profiles, and
how far the source has been read are committed together. So after a kill no row is lost or exported
twice.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from sender.dataflow import Dataflow
from sender.dataflow.digests import destination_of
from sender.delivery.row_batches import Batch, Row, RowBatches, storable
from sender.delivery.row_digest import RowDigest
from sender.mapping import Mapper
from sender.mapping.hints.identity_hints import IdentityHints
from sender.outbox import Outbox
from sender.outbox.records import StoredMessage
from sender.profiles import NOTHING_YET, UnreadRows

BATCH_ROWS = 256
BROKEN_ROWS_KEPT = 1000
UNREAD_SHOWN = 3


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
        self._batches = RowBatches(self._mapper, outbox, run_id, rng, keeps_order=keeps_order)
        self.digest = RowDigest()
        self._broken_kept = 0
        self.finished = False
        self.unread: list[str] = []
        self.expected: Callable[[], int | None] = lambda: None
        self.received = 0
        self.excluded = 0
        self.broken = 0

    @property
    def hints(self) -> IdentityHints:
        """What profiles have in place of an identity or a status."""
        return self._batches.hints

    @property
    def kept(self) -> Counter[str]:
        """Number of profiles that stay in an audience, as :class:`RowBatches` counts them."""
        return self._batches.kept

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
                self.unread.append(storable(str(row)))
                continue
            rows.append(row)
            if len(rows) == BATCH_ROWS:
                return rows
        self.finished = True
        return rows

    def store(self, rows: list[Row], now: dt.datetime) -> Stored:
        """Store the result of these rows; called inside a transaction of the outbox."""
        batch = self._batches.sort(rows, now)
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

    def _count(self, rows: list[Row], batch: Batch) -> None:
        self.received += len(rows) - len(batch.broken)
        self.excluded += batch.exclusions.total()
        self.broken += len(batch.broken)
