"""Turns a batch of rows into messages, exclusions and broken rows.

Reads from the outbox what was exported of each profile before, and stores nothing.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sender.dataflow import Dataflow
from sender.dataflow.digests import destination_of, profile_digest
from sender.mapping import Mapper, message_body, profile_key, trace_id
from sender.mapping.activation import Export, Known, decide
from sender.mapping.exclusions import Excluded, ExclusionReason
from sender.mapping.hints.identity_hints import IdentityHints
from sender.mapping.profile_state import REALIZED, ProfileState
from sender.mapping.triggers import Triggers
from sender.outbox import Outbox
from sender.outbox.records import NO_MESSAGE, LastExport, StoredMessage
from sender.profiles import BrokenRow, NothingYet, ProfileRow

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


class RowBatches:
    """Decides for one run which rows are exported, and as which messages.

    Args:
        mapper: the dataflow's mapping.
        outbox: has the last exports, and the messages that are not sent yet.
        run_id: the run that the rows belong to.
        rng: source of trace ids.
        keeps_order: whether a message waits for its profile's previous one.

    Attributes:
        hints: what profiles have in place of an identity or a status.
        kept: number of profiles that stay in an audience, by its id, because their source does not
            tell whether they have left it.
    """

    def __init__(
        self, mapper: Mapper, outbox: Outbox, run_id: int, rng: random.Random, *, keeps_order: bool
    ) -> None:
        self._mapper = mapper
        self._destination = destination_of(mapper.dataflow)
        self._outbox = outbox
        self._rng = rng
        self._keeps_order = keeps_order
        self._triggers = self._triggers_of(run_id)
        self._row_number = 0
        self.hints = IdentityHints()
        self.kept: Counter[str] = Counter()

    def _triggers_of(self, run_id: int) -> Triggers:
        activated = self._outbox.exported.activated(self._destination)
        mapped = self._mapper.audiences.ids
        return Triggers(
            self._mapper.dataflow.when_to_activate,
            restated=self._outbox.runs.is_restated(run_id),
            first_activated=mapped - activated.ever,
            activated_again=(mapped & activated.ever) - activated.last,
        )

    def sort(self, rows: list[Row], now: dt.datetime) -> Batch:
        """Decide on each row; called inside a transaction of the outbox, and stores nothing."""
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
            self._add(row, digest, last, now, batch)
        return batch

    def _add(
        self,
        row: ProfileRow,
        digest: bytes | None,
        last: LastExport | None,
        now: dt.datetime,
        batch: Batch,
    ) -> None:
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
            self._exclude(decision, digest, last, batch)
        else:
            self._export(decision, digest, last, batch)

    def _exclude(
        self, excluded: Excluded, digest: bytes | None, last: LastExport | None, batch: Batch
    ) -> None:
        batch.exclusions[excluded.reason.value] += 1
        self.hints.add(excluded.hint)
        if digest is not None and isinstance(excluded, Known):
            seq = NO_MESSAGE if last is None else last.seq
            batch.exports[digest] = LastExport(excluded.state.to_json(), seq)

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
            batch.broken.append((storable(row.source), row.line, row.reason))
        elif isinstance(row, Mapping):
            return ProfileRow(row, "profiles", self._row_number)
        else:
            reason = f"a {type(row).__name__}; expected a mapping"
            batch.broken.append(("profiles", self._row_number, reason))
        return None


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


def storable(text: str) -> str:
    """Return a text that SQLite can store."""
    # A file's name may hold bytes that are not UTF-8, which SQLite cannot store as text.
    return text.encode("utf-8", "replace").decode()
