"""What to do about a loss, in words."""

import dataclasses

import pytest

from loadtests.commands.output.plan_advice import advice_heading, advice_rows
from loadtests.planning.proposals import (
    BatchProposal,
    LimitProposal,
    LosslessProposal,
    NotFound,
    ScheduleProposal,
)
from support.planned import planned_result

COMMON = {"loss_at_most": 0.0, "loss_share": 0.0, "finished_at_seconds": 401.0, "forecasts": 9}
BATCH = BatchProposal(
    **COMMON,
    profiles=3_000,
    batches=334,
    gap_seconds=60.0,
    batches_per_day=100,
    last_start_seconds=261_180.0,
    one_more_loses=0.25,
    shorter_gap_loses=0.5,
    start_dates=334,
)
LIMIT = LimitProposal(
    **COMMON,
    limit_per_minute=6_000,
    runs_per_day=300_000,
    raises_daily_cap=False,
    one_less_loses=0.002,
)


def test_batches_are_said_by_the_minute_and_by_the_day():
    rows = advice_rows([BATCH])
    assert rows[0] == ("Largest batch", "3,000 profiles", "with one profile more, 25.0 % is lost")
    assert rows[1][1] == "334, one every 1 min, 100 a day"
    assert "the last starts after 3 d 33 min" in rows[1][2]
    assert "closer together they lose 50.0 %" in rows[1][2]
    assert rows[2][:2] == ("By start dates", "334 audiences, one a day")
    assert "A-EXP-6" in rows[2][2]


def test_batches_that_all_fit_in_a_day_or_in_one_say_so():
    few = dataclasses.replace(BATCH, batches=7, batches_per_day=7, shorter_gap_loses=None)
    assert advice_rows([few])[1][1] == "7, one every 1 min"
    single = dataclasses.replace(BATCH, batches=1)
    assert advice_rows([single]) == [
        ("Largest batch", "all 3,000 profiles", "ends after 6 min 41 s")
    ]


def test_an_answer_that_is_no_straight_border_is_said_to_be_none():
    assert "no straight border: a batch of 2,000" in str(
        advice_rows([dataclasses.replace(BATCH, exception=2_000, one_more_loses=None)])[0]
    )
    ((_, _, note),) = advice_rows([dataclasses.replace(LIMIT, exception=7_000)])
    assert "no straight border: a limit of 7,000, a greater one, loses more" in note


def test_a_limit_with_the_daily_cap_that_it_takes():
    assert advice_rows([LIMIT]) == [
        ("Limit needed", "6,000 a minute", "0 % lost; with 1 a minute less, 0.2 % is lost")
    ]
    raised = dataclasses.replace(
        LIMIT, raises_daily_cap=True, runs_per_day=1_000_000, one_less_loses=None
    )
    assert advice_rows([raised])[0][1:] == ("6,000 a minute and 1,000,000 a day", "0 % lost")


@pytest.mark.parametrize(
    ("is_present", "retry_after", "value", "note"),
    [
        (False, (60.0, 120.5), "60, 120.5 s", "ask Adobe's support for it (A-RTRY-1)"),
        (True, (15.0, 30.0), "15, 30 s", "the present one: 0 % lost"),
    ],
)
def test_a_schedule_to_ask_support_for(is_present, retry_after, value, note):
    proposal = ScheduleProposal(
        **COMMON, retry_after=retry_after, is_present=is_present, shorter_loses=0.1
    )
    ((term, shown, why),) = advice_rows([proposal])
    assert (term, shown) == ("Retry schedule", value)
    assert note in why


def test_a_lossless_export_says_on_which_day_it_ends_and_what_it_sends_twice():
    proposal = LosslessProposal(**COMMON, delivered=1_000_000, duplicates=0, day=4)
    ((_, value, note),) = advice_rows([proposal])
    assert value == "ends on day 4, after 6 min 41 s"
    assert "twice" not in note
    doubled = dataclasses.replace(proposal, duplicates=1_200)
    assert "1,200 runs twice" in advice_rows([doubled])[0][2]


def test_what_was_not_found_says_why_and_what_comes_closest():
    missing = NotFound(kind="schedule", loss_at_most=0.0, reason="none does")
    assert advice_rows([missing]) == [("Retry schedule", "none", "none does")]
    close = dataclasses.replace(missing, best_loss_share=0.1, best="--retry-after 60")
    assert advice_rows([close])[0][2] == (
        "none does; the least that is lost is 10.0 % with --retry-after 60"
    )


def test_the_heading_says_how_much_what_was_asked_for_may_lose():
    missing = NotFound(kind="schedule", loss_at_most=0.0, reason="none")
    found = dataclasses.replace(LIMIT, loss_at_most=0.05)
    for asked, seeds, heading in (
        (None, 1, "What to do about it"),
        (missing, 1, "Nothing found: no retry schedule with which nothing is lost"),
        (found, 1, "The smallest limit with which at most 5.0 % of the messages is lost"),
        (
            missing,
            2,
            "Nothing found: no retry schedule with which nothing is lost in 95 % of the seeds",
        ),
    ):
        result = dataclasses.replace(planned_result(seeds=seeds), asked=asked)
        assert advice_heading(result) == heading
