"""What is said about runs beside lists: error groups, and the deliveries of one message."""

import pytest
from sqlalchemy.dialects import sqlite

from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.journal.search import deliveries
from mock_qualtrics.journal.search.run_search import RunSearch
from mock_qualtrics.journal.search.wanted_runs import WantedRuns
from support.rehearsal import Rehearsal

LIMITED = {"limits": {"callsPerMinute": 1}}


def search(rehearsal: Rehearsal) -> RunSearch:
    return rehearsal.engine.journal.search


def statuses(rehearsal: Rehearsal, place: int = 0) -> list[tuple[int, bool]]:
    found = search(rehearsal).deliveries(rehearsal.runs()[place]["id"])
    return [(one.status, one.is_given) for one in found]


def test_failed_runs_are_grouped_by_what_they_say_and_found_by_its_pieces(rehearse):
    limits = {"limits": {"runsPerDay": 3}}
    tasks = [{"name": "T", "type": "email", "failFirst": 2}]
    rehearsal = rehearse({"tasks": tasks}, limits)
    for _ in range(6):
        rehearsal.send()
    rehearsal.advance(1)
    wanted = WantedRuns(rehearsal.tenant.number)
    found = search(rehearsal).error_groups(wanted)
    assert found.groups[0].says == "the daily limit of … runs is reached"
    assert [group.runs for group in found.groups] == [3, 2]
    assert (found.looked_at, found.is_all) == (5, True)
    for group in found.groups:
        by_pieces = WantedRuns(rehearsal.tenant.number, errors=group.pieces)
        runs = search(rehearsal).find(by_pieces, 9).runs
        assert (len(runs), runs[0].id, runs[0].received_at) == (
            group.runs,
            group.newest_run,
            group.newest_at,
        )
    few = search(rehearsal).error_groups(wanted, 2)
    assert (few.looked_at, few.is_all) == (2, False)


@pytest.mark.parametrize("trace", [None, "t-1"], ids=["by body", "by trace id"])
def test_a_first_try_that_was_refused_and_later_ones_are_deliveries(rehearse, trace):
    rehearsal = rehearse(None, LIMITED)
    send = rehearsal.engine.receive
    send(rehearsal.call(b'{"other": 1}', trace=None if trace is None else "t-0"))
    send(rehearsal.call(b'{"n": 1}', trace=trace))
    for _ in range(2):
        rehearsal.advance(120)
        send(rehearsal.call(b'{"n": 1}', trace=trace))
    rehearsal.advance(120)
    send(rehearsal.call(b'{"m": 1}', trace="t-2"))
    assert statuses(rehearsal, 1) == [(202, True), (202, False), (429, False)]
    assert statuses(rehearsal, 2) == [(202, False), (202, True), (429, False)]
    (first, *_, refused) = search(rehearsal).deliveries(rehearsal.runs()[1]["id"])
    assert (first.run_ids, first.accepted) == ((rehearsal.runs()[1]["id"],), True)
    assert (refused.run_ids, refused.accepted, refused.reason) == ((), False, "rate-limit")


def test_a_body_with_a_trace_id_is_another_message_than_one_without(rehearsal):
    rehearsal.engine.receive(rehearsal.call(b"{}", trace="t-1"))
    rehearsal.send(b"{}")
    assert statuses(rehearsal) == [(202, True)]


def test_the_nearest_deliveries_are_taken_on_either_side(rehearsal, monkeypatch):
    monkeypatch.setattr(deliveries, "MOST_ON_A_SIDE", 2)
    for _ in range(7):
        rehearsal.send(b"{}")
    by_id = {one["requestId"]: place for place, one in enumerate(rehearsal.requests())}
    found = search(rehearsal).deliveries(rehearsal.runs()[3]["id"])
    assert [by_id[one.request_id] for one in found] == [1, 2, 3, 4, 5]
    monkeypatch.setattr(deliveries, "CALLS_AROUND", 1)
    found = search(rehearsal).deliveries(rehearsal.runs()[3]["id"])
    assert [by_id[one.request_id] for one in found] == [2, 3, 4]


def test_a_run_that_is_not_kept_has_no_deliveries(rehearsal):
    rehearsal.send()
    with pytest.raises(NotFoundError):
        search(rehearsal).deliveries("RUN_1")


@pytest.mark.parametrize("side", [deliveries.calls_before, deliveries.calls_after])
def test_deliveries_are_a_range_of_the_primary_key(rehearsal, side):
    query = side((7 << 40) + 8_000_000, deliveries.same_message(None, b"{}", 2))
    text = query.compile(dialect=sqlite.dialect())
    with rehearsal.engine._store.connection() as connection:
        given = tuple(text.params[name] for name in text.positiontup)
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given).all()
    assert [row.detail for row in rows] == [
        "SEARCH requests USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
    ]
