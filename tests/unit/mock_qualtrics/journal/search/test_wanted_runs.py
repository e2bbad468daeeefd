"""What is looked for, and how much work a request may be."""

from mock_qualtrics.journal.search.wanted_runs import WantedRuns, Work
from mock_qualtrics.store.schema import State


def test_instants_do_not_make_another_listing_and_all_else_does():
    plain = WantedRuns(1)
    assert WantedRuns(1, since=1, until=2).listing == plain.listing
    others = [
        WantedRuns(2),
        WantedRuns(1, ("WF_1",)),
        WantedRuns(1, states=frozenset({State.FAILED})),
        WantedRuns(1, task="x"),
        WantedRuns(1, errors=("x",)),
        WantedRuns(1, trace_id="x"),
        WantedRuns(1, words=("x",)),
    ]
    assert len({one.listing for one in [plain, *others]}) == 8
    assert [one.by_index for one in others] == [True, True, True, False, False, False, False]


def test_work_ends_with_the_first_limit():
    few, small, late = Work(runs=2), Work(size_bytes=10), Work(has_time=lambda: False)
    few.spend(0)
    small.spend(9)
    assert (few.is_done, small.is_done, late.is_done) == (False, False, True)
    few.spend(0)
    small.spend(1)
    assert (few.is_done, small.is_done) == (True, True)
