"""Whether an export goes on with the last run, and with which rows."""

from typing import Any

import pytest

from sender.dataflow import Dataflow
from sender.delivery.row_digest import RowDigest
from sender.delivery.run_source import RunSource, all_rows
from sender.outbox import Outbox
from sender.outbox.records import Run

SOURCE = {"files": ["profiles.jsonl"]}
ROWS = [{"_id": number} for number in range(3)]


@pytest.fixture
def outbox():
    with Outbox() as opened:
        yield opened


@pytest.fixture
def source(raw: dict[str, Any], outbox: Outbox):
    return RunSource(outbox.runs, Dataflow.from_mapping(raw))


def begun(source: RunSource, outbox: Outbox, rows_read: int = 2, **options: bool) -> Run:
    run = outbox.runs.begin(0.0, source.description(SOURCE), **options)
    digest = RowDigest()
    for row in ROWS[:rows_read]:
        digest.add(row)
    outbox.runs.keep_read_digest(run.id, digest.text())
    outbox.runs.advance(run.id, rows_read, 0, finished=False)
    return outbox.runs.last()


def test_the_same_source_goes_on_with_its_run(source, outbox):
    run, same = begun(source, outbox), source.description(SOURCE)
    assert source.is_continued(run, same, restated=False)
    assert not source.is_continued(run, same, restated=True)
    assert not source.is_continued(run, source.description({"files": []}), restated=False)
    assert not source.is_continued(run, None, restated=False)
    assert source.left_unread(SOURCE, restated=False) is None


def test_a_changed_mapping_makes_another_run_and_leaves_nothing_unread(source, outbox, raw):
    run = begun(source, outbox)
    raw["attributes"].pop()
    changed = RunSource(outbox.runs, Dataflow.from_mapping(raw))
    assert not changed.is_continued(run, changed.description(SOURCE), restated=False)
    assert changed.left_unread(SOURCE, restated=False) is None


def test_another_source_or_a_plain_export_after_a_restated_one_leaves_rows_unread(source, outbox):
    assert source.left_unread(SOURCE, restated=False) is None
    run = begun(source, outbox, restated=True)
    assert source.left_unread(SOURCE, restated=False) == run
    assert source.left_unread(SOURCE, restated=True) is None
    assert source.left_unread({"files": []}, restated=True) == run
    outbox.runs.advance(run.id, 0, 0, finished=True)
    assert source.left_unread({"files": []}, restated=True) is None


def test_the_rest_of_a_source_begins_after_the_rows_that_were_read(source, outbox):
    rest = source.rest(ROWS, begun(source, outbox))
    assert list(rest.rows) == ROWS[2:]
    assert rest.expected() == 3
    assert source.rest([*ROWS[1:], ROWS[0]], outbox.runs.last()) is None


def test_what_is_read_as_it_comes_has_no_number_of_rows():
    assert all_rows(ROWS).expected() == 3
    assert all_rows(iter(ROWS)).expected() is None
