"""What was exported before: of each profile, audience and field."""

import json
from collections.abc import Iterable, Mapping, Sequence

from sender.outbox import schema as sql
from sender.outbox.database import Database
from sender.outbox.records import ActivatedAudiences, LastExport


class Exported:
    """Stores what was exported, profiles by a digest only."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._db = database.connection

    def last_exports(self, keys: Sequence[bytes]) -> dict[bytes, LastExport]:
        """Return the last exports of these profiles; a profile that was never exported has none."""
        marks = ",".join("?" * len(keys))
        query = f"SELECT key, state, last_seq FROM profiles WHERE key IN ({marks})"  # noqa: S608  marks
        return {key: LastExport(*columns) for key, *columns in self._db.execute(query, keys)}

    def keep_last_exports(self, exports: Mapping[bytes, LastExport]) -> None:
        """Store the last exports of these profiles."""
        # Sorted by key, so that rows of one database page are written together.
        rows = ((key, exports[key].state, exports[key].seq) for key in sorted(exports))
        self._db.executemany(sql.UPSERT_PROFILE, rows)

    def forget_unsent(self, keys: Iterable[bytes]) -> None:
        """Forget the last exports of those of these profiles whose last message was not sent."""
        self._db.executemany(sql.FORGET_UNSENT, ((key,) for key in keys))

    def audiences_with_members(self) -> frozenset[str]:
        """Return the audiences in which a profile was exported as realized and has not left."""
        return frozenset(audience for (audience,) in self._db.execute(sql.AUDIENCES_WITH_MEMBERS))

    def fields(self) -> frozenset[str]:
        """Return the mapped fields that the sources of earlier exports had."""
        return frozenset(json.loads(self._database.value("fields") or "[]"))

    def add_fields(self, fields: Iterable[str]) -> None:
        """Store mapped fields that a source has, beside those that are known."""
        known = self.fields()
        all_fields = known.union(fields)
        if all_fields != known:
            self._database.keep_value("fields", json.dumps(sorted(all_fields)))

    def activated(self, destination: str) -> ActivatedAudiences:
        """Return which audiences earlier runs have activated at a destination."""
        ever, last = self._all_activated().get(destination, ([], []))
        return ActivatedAudiences(frozenset(ever), frozenset(last))

    def keep_activated(
        self, destination: str, active: frozenset[str], mapped: frozenset[str]
    ) -> None:
        """Store that a run has activated audiences, and which were mapped."""
        known = self._all_activated()
        ever, _ = known.get(destination, ([], []))
        known[destination] = [sorted(active.union(ever)), sorted(mapped)]
        self._database.keep_value(sql.ACTIVATED_AUDIENCES, json.dumps(known))

    def _all_activated(self) -> dict[str, list[list[str]]]:
        return json.loads(self._database.value(sql.ACTIVATED_AUDIENCES) or "{}")  # type: ignore[no-any-return]
