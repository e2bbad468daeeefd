"""What the benchmarks of the pages measure, on a small store and beside one call."""

import pytest

from contracts.http_session import HttpSession
from loadtests.benchmarks.beside_pages import LoadBeside, cost
from loadtests.benchmarks.large_store import make_store
from loadtests.benchmarks.page_answers import page_answers
from loadtests.open_page import OpenPage, script_constant
from support import start_mock
from support.waiting import until

RUNS = 120
WORKFLOWS = 3
MINUTES = 120


def test_each_page_is_measured(tmp_path):
    store = make_store(tmp_path / "large.sqlite", RUNS)
    costs = page_answers(store, None, WORKFLOWS, 1, MINUTES)
    assert len(costs) == 3
    for figures in costs.values():
        assert "/runs, far back" not in [one.name for one in figures]
        assert all(len(one.values) == 1 and one.median > 0 for one in figures)
    sizes = {one.name: one.median for one in costs["Size of a page"]}
    assert 20 < sizes["/runs"] < 100, "it shows the runs, and stays below 100 KB"
    assert sizes["/workflows, many"] > sizes["/workflows"]


def test_an_open_page_is_fetched_again_after_a_change():
    with start_mock() as mock, OpenPage(mock.url, "/runs?view=all") as page:
        assert page.fetches == 0, "nothing has changed yet"
        answer = HttpSession().post(
            mock.trigger_url,
            "{}",
            headers={**mock.token_header, "Content-Type": "application/json"},
            timeout=10,
        )
        answer.raise_for_status()
        assert until(lambda: page.fetches) >= 1


def test_an_open_page_goes_at_the_pace_of_the_script():
    assert script_constant("SHORTEST_PAUSE") >= 100
    assert script_constant("TIMES_THE_SERVER") >= 40


@pytest.mark.parametrize(("beside", "share"), [(100.0, 0.0), (125.0, 0.2)])
def test_the_cost_is_the_share_that_the_calls_lose(beside, share):
    loads = [[LoadBeside(1.0, microseconds, 0.0)] * 3 for microseconds in (100.0, beside)]
    assert cost(*loads) == pytest.approx(share)
