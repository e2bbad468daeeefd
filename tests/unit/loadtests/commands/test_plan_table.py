"""The rows of the table and the sentences below it."""

from loadtests.commands.plan_results import Reading, Result, result_of
from loadtests.commands.plan_table import assumptions, rows_of, sentences
from loadtests.planning import Plan
from sender.policies import ADOBE_BEST_EFFORT


def result(seeds=1, reading=None, **settings: object):
    settings = {"profiles": 100, "arrival_rate": 10.0, "limit_per_minute": 30, **settings}
    plan = Plan(**settings)
    return result_of(plan, reading or Reading(profiles=plan.profiles), seeds, "exact")


def rows(*results: Result) -> dict[str, list[str]]:
    return {label.strip(): cells for label, cells in rows_of(results)}


def told(*results: Result, by_rate=False) -> str:
    return "\n".join(sentences(results, by_rate=by_rate))


def test_a_row_has_a_cell_for_each_plan():
    found = rows(result(), result(arrival_rate=0.25))
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
    found = rows(result(policy=patient), result())
    assert len(found["at the fifth try"]) == 2
    assert found["at the fifth try"][1] == ""


def test_exclusions_and_sizes_have_rows_where_there_are_any():
    excluded = {"hashed e-mail": 2, "no mapped identity": 3}
    reading = Reading(profiles=105, broken=1)
    found = rows(result(reading=reading, excluded=excluded, oversized=frozenset({1})))
    assert found["Profiles"] == ["105"]
    assert found["Broken rows"] == ["1"]
    assert found["Excluded"] == ["3 no mapped identity; 2 hashed e-mail"]
    assert found["Over the payload limit"] == ["1"]
    assert found["why"] == ["1 answered 413, 69 answered 429"]


def test_what_the_daily_cap_blocks_has_its_day():
    found = rows(result(runs_per_day=10))
    assert found["Blocked by the daily cap"] == ["20 (20.0 %)"]
    assert found["on"] == ["day 1: 20"]


def test_many_seeds_show_the_median_and_the_band():
    found = rows(result(seeds=5, fault_ratio=0.6, seed=9, limit_per_minute=999))
    assert found["Seeds"] == ["5 from 9: median (5 % to 95 %)"]
    assert found["Delivered"][0].count(" to ") == 1


def test_a_loss_is_told_in_words_with_its_share():
    assert told(result()).startswith("70 (70.0 %) of 100 messages lost: 70 dropped for good")
    assert "20 blocked by the daily cap (Q-LIM-4)" in told(result(runs_per_day=10))
    assert "100 with an answer that was lost" in told(result(lost_ratio=1.0, limit_per_minute=999))


def test_no_loss_is_told_too():
    assert told(result(limit_per_minute=100)) == "Nothing is lost: all 100 messages are delivered."
    assert "the one message is delivered" in told(result(profiles=1))
    assert told(result(profiles=0, excluded={"hashed e-mail": 2})) == (
        "Nothing is sent: every profile is excluded."
    )


def test_restated_values_are_told_with_what_the_trigger_saves():
    sentence = told(result(days=3, restated_daily=0.5, limit_per_minute=100))
    assert "50 people get the same survey again." in sentence
    assert "saves 100 messages: 0 are lost then, and it ends after 9.9 s." in sentence


def test_messages_that_wait_in_the_outbox_are_told():
    assert "3 messages of earlier exports wait" in told(
        result(reading=Reading(profiles=100, pending=3))
    )


def test_without_a_rate_each_sentence_names_its_rate_and_why_there_are_several():
    sentence = told(result(), result(arrival_rate=1_000.0), by_rate=True)
    assert "At 10 a second: 70 (70.0 %)" in sentence
    assert "At 1,000 a second: 70 (70.0 %)" in sentence
    assert "A-LIM-1" in sentence


def test_several_rates_rest_on_the_same_but_for_the_rate():
    one, both = assumptions([result()]), assumptions([result(), result(arrival_rate=1_000.0)])
    assert len(both) == len(one) + 1
    assert [each.text for each in both if each.fact == "A-LIM-1"] != []
