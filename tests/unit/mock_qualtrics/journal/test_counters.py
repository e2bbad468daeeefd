"""What becomes of the totals when an accepted call is not stored after all."""

import json
from dataclasses import asdict

import pytest

from mock_qualtrics.journal.counters import TenantCounters
from mock_qualtrics.store.schema import State


@pytest.mark.parametrize(
    ("runs", "counted"),
    [
        ([], "ignored"),
        ([State.PENDING], "pending"),
        ([State.SUCCEEDED], "succeeded"),
        ([State.FAILED], "failed"),
        ([State.NOT_STARTED], "failed"),
        ([None], "blocked"),
        ([State.PENDING, State.PENDING], "pending"),
    ],
)
def test_it_counts_as_refused_and_its_runs_no_more(runs, counted):
    counters = TenantCounters(7, received=1, accepted=1, duplicates=1)
    counters.extra_runs = max(0, len(runs) - 1)
    setattr(counters, counted, max(1, len(runs)))
    counters.take_back(runs, duplicate=True)
    assert counters == TenantCounters(7, received=1, refused=1, refused_by={"not-stored": 1})


def test_counters_say_that_rows_are_missing_and_counters_of_older_stores_are_read():
    older = TenantCounters.from_document('{"tenant_number": 7, "received": 3}')
    assert "notStored" not in older.totals()
    older.not_stored = 2
    again = TenantCounters.from_document(older.to_document())
    assert (again.complete, again.totals()["notStored"]) == (False, 2)


def test_a_document_is_json_that_holds_every_counter():
    odd = {'not-"json"': 3, "é\n%s": 1, "": 0}
    counters = TenantCounters(7, received=4, refused_by=odd, now=-5, dropped_to=9, not_stored=1)
    document = counters.to_document()
    assert json.loads(document) == asdict(counters)
    assert json.loads(document)["dropped_from"] is None
    assert TenantCounters.from_document(document) == counters


def test_a_run_without_a_call_is_taken_back_from_the_runs_alone():
    counters = TenantCounters(1, extra_runs=2, pending=1, succeeded=1, other_calls=2)
    counters.take_back_run_now([State.PENDING])
    assert (counters.extra_runs, counters.pending, counters.succeeded) == (1, 0, 1)
    assert (counters.accepted, counters.refused) == (0, 0)
