"""The rows of the table, and what they rest on."""

import re
from dataclasses import replace

from loadtests.commands.plan_results import Reading, Result
from loadtests.commands.plan_table import assumptions, rows_of
from loadtests.planning.proposals import LosslessProposal, NotFound
from sender.policies import ADOBE_BEST_EFFORT
from support.planned import planned_result


def rows(*results: Result) -> dict[str, list[str]]:
    return {label.strip(): cells for label, cells in rows_of(results)}


def test_a_row_has_a_cell_for_each_plan():
    found = rows(planned_result(), planned_result(arrival_rate=0.25))
    assert found["Messages"] == ["100", "100"]
    assert found["Delivered"] == ["30 (30.0 %)", "100 (100 %)"]
    assert found["at the first try"] == ["30", "100"]
    assert found["Dropped for good"] == ["70 (70.0 %)", "0"]
    assert found["why"] == ["70 answered 429", ""]
    assert found["when"] == ["from 33 s to 40 s", ""]
    assert found["Ends after"] == ["40 s", "6 min 36 s"]
    assert "Pending" not in found
    assert "Excluded" not in found


def test_each_try_of_a_schedule_has_a_row():
    patient = ADOBE_BEST_EFFORT.retrying_after([5, 10, 15, 20])
    found = rows(planned_result(policy=patient), planned_result())
    assert len(found["at the fifth try"]) == 2
    assert found["at the fifth try"][1] == ""


def test_exclusions_and_sizes_have_rows_where_there_are_any():
    excluded = {"hashed e-mail": 2, "no mapped identity": 3}
    reading = Reading(profiles=105, broken=1)
    found = rows(planned_result(reading=reading, excluded=excluded, oversized=frozenset({1})))
    assert found["Profiles"] == ["105"]
    assert found["Broken rows"] == ["1"]
    assert found["Excluded"] == ["3 no mapped identity; 2 hashed e-mail"]
    assert found["Over the payload limit"] == ["1"]
    assert found["why"] == ["1 answered 413, 69 answered 429"]


def test_what_the_daily_cap_blocks_has_its_day():
    found = rows(planned_result(runs_per_day=10))
    assert found["Blocked by the daily cap"] == ["20 (20.0 %)"]
    assert found["on"] == ["day 1: 20"]


def test_many_seeds_show_the_median_and_the_band():
    found = rows(planned_result(seeds=5, fault_ratio=0.6, seed=9, limit_per_minute=999))
    assert found["Seeds"] == ["5 from 9: median (share; 5 % to 95 %)"]
    delivered = found["Delivered"][0]
    assert re.fullmatch(r"\d+ \(\d+\.\d %; \d+ to \d+\)", delivered), delivered


def test_seeds_that_all_say_the_same_have_no_band():
    assert rows(planned_result(seeds=5))["Delivered"] == ["30 (30.0 %)"]


def test_several_rates_rest_on_the_same_but_for_the_rate():
    one, both = (
        assumptions([planned_result()]),
        assumptions([planned_result(), planned_result(arrival_rate=1_000.0)]),
    )
    assert len(both) == len(one) + 1
    assert [each.text for each in both if each.fact == "A-LIM-1"] != []


def test_a_lossless_export_that_is_proposed_says_what_it_rests_on():
    found = LosslessProposal(
        loss_at_most=0.0, loss_share=0.0, finished_at_seconds=9.0, forecasts=1,
        delivered=100, duplicates=0, day=1,
    )  # fmt: skip
    none = NotFound(kind="lossless", loss_at_most=0.0, reason="none")
    for proposal, is_there in ((found, True), (none, False)):
        told = assumptions([replace(planned_result(), proposals={"lossless": proposal})])
        assert ("A-LIM-1.day" in {each.fact for each in told}) is is_there
