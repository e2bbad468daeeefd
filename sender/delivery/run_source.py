"""Which rows of a source a run has still to read, and whether an export goes on with that run.

A run's source is known by a JSON description of it, and its rows by their content.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass, field
from typing import Any

from sender.dataflow import Dataflow
from sender.dataflow.digests import export_digest
from sender.delivery.row_batches import Row
from sender.delivery.row_digest import RowDigest, past
from sender.outbox.records import Run
from sender.outbox.runs import Runs

EXPORT_ANEW = "export it anew; what was exported and has not changed is not sent again"


@dataclass(frozen=True, slots=True)
class SourceRows:
    """The rows of a source that are to be read.

    Attributes:
        rows: the rows.
        expected: returns about how many rows the whole source has; None: unknown.
        digest: the digest of the rows before these.
    """

    rows: Iterable[Row]
    expected: Callable[[], int | None]
    digest: RowDigest = field(default_factory=RowDigest)


class RunSource:
    """The source of an outbox's last run, compared with the one that is to be exported.

    Args:
        runs: the outbox's runs.
        dataflow: the dataflow, whose mapping decides what the rows are exported as.
    """

    def __init__(self, runs: Runs, dataflow: Dataflow) -> None:
        self._runs = runs
        self._dataflow = dataflow

    def description(self, source: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """Return a source's description with a digest of the mapping.

        After a change of the mapping a source has to be read from its first row again, because the
        rows already read would be exported differently.
        """
        return None if source is None else {**source, "exportedAs": export_digest(self._dataflow)}

    def is_continued(self, last: Run, source: Mapping[str, Any] | None, *, restated: bool) -> bool:
        """Return whether an export goes on with the last run.

        Args:
            last: the last run.
            source: the source's :meth:`description`.
            restated: whether the rows count as ingested anew.
        """
        is_same = source is not None and not last.source_finished and last.source == source
        return is_same and self._runs.is_restated(last.id) == restated

    def left_unread(self, source: Mapping[str, Any] | None, *, restated: bool) -> Run | None:
        """Return the last run, if an export of ``source`` would leave rows of its source unread."""
        last = self._runs.last()
        if last is None or last.source_finished:
            return None
        # The same source is read to its end: from where the last run stopped, or, after a change of
        # the mapping, from its first row. So the mapping is left out of this comparison.
        is_same_source = source is not None and (
            self.description(last.source) == self.description(source)
        )
        is_all = restated or not self._runs.is_restated(last.id)
        return None if is_same_source and is_all else last

    def rest(self, profiles: Iterable[Row], run: Run) -> SourceRows | None:
        """Return the rows that a run has not read; None if those before are others now."""
        found = past(profiles, run.rows_read, self._runs.read_digest(run.id))
        return None if found is None else SourceRows(found[0], rows_expected(profiles), found[1])


def all_rows(profiles: Iterable[Row]) -> SourceRows:
    """Return all rows of a source, for a run that has read none."""
    return SourceRows(profiles, rows_expected(profiles))


def rows_expected(profiles: object) -> Callable[[], int | None]:
    """Return what tells about how many rows a source has; what is read as it comes cannot."""
    if isinstance(profiles, Sized):
        return functools.partial(len, profiles)
    return getattr(profiles, "rows_expected", lambda: None)
