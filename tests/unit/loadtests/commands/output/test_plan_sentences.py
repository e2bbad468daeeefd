"""The sentences below the table."""

from dataclasses import replace

from loadtests.commands.output.plan_sentences import sentences
from loadtests.commands.plan_results import Reading, Result
from loadtests.planning import Band, Spread
from loadtests.planning.outcome import FIGURES
from loadtests.planning.proposals import propose
from support.planned import planned_result


def told(*results: Result, by_rate=False) -> str:
    return "\n".join(sentences(results, by_rate=by_rate))


def with_lost(low: int, median: int, high: int) -> Result:
    """Return a plan whose 9 seeds lose as many as is said, and drop all of these."""
    found = planned_result()
    of_none, of_all = Spread(0, 0, 0, 0, 0), Spread(0, low, median, high, 100)
    figures = {**dict.fromkeys(FIGURES, of_none), "lost": of_all, "dropped": of_all}
    return replace(found, band=Band(plan=found.plan, seeds=9, figures=figures))


def test_a_loss_is_told_in_words_with_its_share():
    assert told(planned_result()).startswith(
        "70 (70.0 %) of 100 messages lost: 70 dropped for good"
    )
    assert "20 blocked by the daily cap (Q-LIM-4)" in told(planned_result(runs_per_day=10))
    assert "100 with an answer that was lost" in told(
        planned_result(lost_ratio=1.0, limit_per_minute=999)
    )


def test_no_loss_is_told_too():
    assert (
        told(planned_result(limit_per_minute=100))
        == "Nothing is lost: all 100 messages are delivered."
    )
    assert "the one message is delivered" in told(planned_result(profiles=1))
    assert told(planned_result(profiles=0, excluded={"hashed e-mail": 2})) == (
        "Nothing is sent: every profile is excluded."
    )


def test_restated_values_are_told_with_what_the_trigger_saves():
    sentence = told(planned_result(days=3, restated_daily=0.5, limit_per_minute=100))
    assert "50 people get the same survey again." in sentence
    assert "saves 100 messages: 0 are lost then, and it ends after 9.9 s." in sentence


def test_messages_that_wait_in_the_outbox_are_told():
    assert "3 messages of earlier exports wait" in told(
        planned_result(reading=Reading(profiles=100, pending=3))
    )


def test_without_a_rate_each_sentence_names_its_rate_and_why_there_are_several():
    sentence = told(planned_result(), planned_result(arrival_rate=1_000.0), by_rate=True)
    assert "At 10 a second: 70 (70.0 %)" in sentence
    assert "At 1,000 a second: 70 (70.0 %)" in sentence
    assert "A-LIM-1" in sentence


def test_of_many_seeds_the_median_is_told_with_its_band():
    assert told(with_lost(1, 20, 50)).startswith(
        "20 (20.0 %; 1 to 50) of 100 messages lost, in the median of 9 seeds: 20 dropped for good"
    )
    assert told(with_lost(0, 0, 2)).startswith(
        "Nothing is lost, in the median of 9 seeds (0 to 2 in 90 % of them): all 100 messages"
    )


def test_of_many_seeds_it_is_said_what_is_of_the_first_one_alone():
    found = planned_result(seeds=2, seed=7)
    assert "The indented rows and a chart are of the first seed (7) alone" in told(found)
    proposed = replace(found, proposals=propose(found.forecast))
    assert "The indented rows, the proposals and a chart are" in told(proposed)
    restated = told(planned_result(seeds=2, days=2, restated_daily=0.1))
    assert "The indented rows, People surveyed again and a chart are" in restated
    assert "first seed" not in told(planned_result())
