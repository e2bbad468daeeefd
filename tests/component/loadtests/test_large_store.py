"""The large store of the benchmark has what a server would have written."""

import pytest

from loadtests.benchmarks.large_store import OLDEST_ONLY, make_store
from loadtests.benchmarks.pages import cursor_after, requests, text_search
from mock_qualtrics.engine import Engine
from mock_qualtrics.journal.search.wanted_runs import WantedRuns
from mock_qualtrics.settings import Settings

RUNS = 1_203


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    store = make_store(tmp_path_factory.mktemp("store") / "large.sqlite", RUNS)
    engine = Engine(Settings(store=store.url))
    yield store, engine
    engine.close()


def test_it_has_its_runs_and_their_totals(stored):
    store, engine = stored
    totals = engine.journal.totals(store.tenant_number)
    assert (totals["accepted"], totals["succeeded"], totals["failed"]) == (RUNS, RUNS - 1, 1)
    search, wanted = engine.journal.search, WantedRuns(store.tenant_number)
    newest = search.find(wanted, 2).runs[0]
    assert newest.identity == f"profile-{RUNS}@example.com"
    assert engine.journal.run(newest.id)["tasks"][0]["name"] == "Invite"
    rest = search.find(wanted, 500, cursor_after(search, wanted, 1_000))
    assert (len(rest.runs), rest.next, rest.runs[-1].error) == (203, None, OLDEST_ONLY)


def test_each_request_is_measured(stored):
    store, engine = stored
    measured = requests(engine.journal.search, store)
    assert len(measured) == 6
    assert all(measure() >= 0 for measure in measured.values())
    one, together = text_search(engine.journal.search, store)
    assert together.values[0] == pytest.approx(sum(one.values))
