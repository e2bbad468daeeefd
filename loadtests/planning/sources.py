"""Real profiles files → what an export of them sends: the real mapping and activation, streaming.

Here alone the planner touches files, the outbox and a folder for what was seen of each profile. The
outbox is only read: what this export would store is kept in a temporary one, without messages.
"""

import datetime as dt
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NoReturn, cast

from mock_qualtrics.settings import Limits
from sender.dataflow import Dataflow
from sender.delivery.row_batches import Batch, Row, RowBatches
from sender.errors import ConfigurationError
from sender.mapping import Mapper
from sender.outbox import Outbox
from sender.outbox.records import ActivatedAudiences, LastExport
from sender.profiles import BrokenRow, NothingYet, UnreadRows

_BATCH_ROWS: Final = 256  # as an export reads them
_BATCHES_A_COMMIT: Final = 64
_BROKEN_ROWS_KEPT: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedProfiles:
    """What an export of profiles sends.

    Attributes:
        profiles: rows that are a profile.
        messages: messages that are sent.
        excluded: profiles that are not exported, by reason.
        oversized: numbers of the messages, from 0, whose body is over the payload limit (Q-LIM-3).
        broken: rows that are no profile.
        broken_rows: the first of them, in words.
    """

    profiles: int
    messages: int
    excluded: dict[str, int]
    oversized: frozenset[int]
    broken: int
    broken_rows: tuple[str, ...]


def counted_profiles(
    rows: Iterable[Row],
    dataflow: Dataflow,
    now: dt.datetime,
    outbox: Outbox | None = None,
    note: Callable[[int], object] = lambda _rows: None,
) -> CountedProfiles:
    """Count what an export of these rows would send.

    Args:
        rows: of a profile source.
        dataflow: destination, mapping and audiences.
        now: the instant of the export, with its time zone: audiences have dates (A-EXP-6).
        outbox: knows the exports before; None: it is a first activation (A-EXP-3).
        note: told how many rows were read.

    Raises:
        ConfigurationError: a source ends in the middle, or the rest of it cannot be read.
    """
    with (
        tempfile.TemporaryDirectory(prefix="plan-") as folder,
        Outbox(Path(folder) / "seen.outbox.sqlite") as seen,
    ):
        return _Counting(dataflow, seen, outbox).count(_whole(rows), now, note)


class _Counting:
    """Counts the rows of one export, batch by batch."""

    def __init__(self, dataflow: Dataflow, seen: Outbox, outbox: Outbox | None) -> None:
        self._seen = seen
        self._view = _View(seen, outbox)
        view = cast("Outbox", self._view)  # all of it that is asked
        self._batches = RowBatches(
            Mapper(dataflow),
            view,
            0,
            random.Random(0),  # noqa: S311  trace ids, which nobody reads
            keeps_order=False,
        )
        self._limit_bytes = Limits().payload_bytes
        self._rows = 0
        self._excluded: Counter[str] = Counter()
        self._oversized: list[int] = []
        self._broken = 0
        self._broken_rows: list[str] = []

    def count(
        self, rows: Iterator[Row], now: dt.datetime, note: Callable[[int], object]
    ) -> CountedProfiles:
        """Count all rows."""
        more = True
        while more:
            with self._seen.transaction():
                for _ in range(_BATCHES_A_COMMIT):
                    batch = list(islice(rows, _BATCH_ROWS))
                    more = len(batch) == _BATCH_ROWS
                    self._add(self._batches.sort(batch, now), len(batch))
                    note(self._rows)
                    if not more:
                        break
        return CountedProfiles(
            profiles=self._rows - self._broken,
            messages=self._view.messages_made,
            excluded=dict(self._excluded),
            oversized=frozenset(self._oversized),
            broken=self._broken,
            broken_rows=tuple(self._broken_rows),
        )

    def _add(self, batch: Batch, rows: int) -> None:
        self._rows += rows
        first = self._view.messages_made
        for number, message in enumerate(batch.messages, first):
            if len(message.body) > self._limit_bytes:
                self._oversized.append(number)
        self._view.messages_made += len(batch.messages)
        self._excluded += batch.exclusions
        self._broken += len(batch.broken)
        room = _BROKEN_ROWS_KEPT - len(self._broken_rows)
        self._broken_rows += [
            f"{source}:{line}: {why}" for source, line, why in batch.broken[:room]
        ]
        self._seen.exported.keep_last_exports(batch.exports)


class _View:
    """What a row's decision asks of an outbox: what was seen in this export, and before it.

    Attributes:
        messages_made: how many messages this export has made.
    """

    def __init__(self, seen: Outbox, outbox: Outbox | None) -> None:
        self._all = (seen,) if outbox is None else (outbox, seen)
        self.messages_made = 0
        self.exported = self.runs = self.messages = self

    def activated(self, destination: str) -> ActivatedAudiences:
        """Return which audiences earlier exports have activated."""
        return self._all[0].exported.activated(destination)

    def last_exports(self, keys: Sequence[bytes]) -> dict[bytes, LastExport]:
        """Return the last exports of these profiles: those of this export before the others."""
        found: dict[bytes, LastExport] = {}
        for each in self._all:
            found |= each.exported.last_exports(keys)
        return found

    def is_restated(self, run_id: int) -> bool:  # noqa: ARG002  as the outbox's
        """Return False: restated values are the plan's own affair."""
        return False

    def last_seq(self) -> int:
        """Return the number of the last message."""
        return self.messages_made

    def is_unfinished(self, seq: int) -> bool:  # noqa: ARG002  as the outbox's
        """Return False: in a plan no message waits for another one."""
        return False


def _whole(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows; nothing is computed of a source that ends in the middle.

    Raises:
        ConfigurationError: the rest of a source cannot be read, or its last row was cut.
    """
    for row in rows:
        if isinstance(row, NothingYet):
            continue
        if isinstance(row, UnreadRows):
            _refuse(row)
        if isinstance(row, BrokenRow) and row.is_cut:
            _refuse(row, ": the text ends in the middle of this row")
        yield row


def _refuse(row: BrokenRow, why: str = "") -> NoReturn:
    raise ConfigurationError(f"{row}{why}; expected all of it, and nothing was computed")
