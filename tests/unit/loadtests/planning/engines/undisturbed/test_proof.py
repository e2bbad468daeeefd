"""A guess is proved up to its first call that is not as it should be, and no further."""

from dataclasses import replace

import pytest

from loadtests.planning import Plan
from loadtests.planning.engines.undisturbed.export import Export
from loadtests.planning.plan import SECOND
from sender.policies import LOSSLESS

pytest.importorskip("numpy")
import numpy as np

from loadtests.planning.engines.undisturbed.pace import COUNTS_FOR_SECONDS, Pace
from loadtests.planning.engines.undisturbed.proof import Goes, Known, Proof, Sums

STEADY = Sums(due=Goes.ON, earliest=Goes.ANEW)
PLAN = Plan(profiles=400, arrival_rate=1_000.0, policy=LOSSLESS, limit_per_minute=100)


def known_and_made(plan: Plan, calls: int = 300) -> tuple[Known, list[int]]:
    """Return what is known after the export's first 50 calls, and when the next ones are made."""
    export = Export(plan)
    made = [instant for instant, *_ in export.calls()][50 : 50 + calls]
    export = Export(plan)
    for _, _ in zip(range(50), export.calls(), strict=False):
        pass
    arrivals = np.zeros(len(made), dtype=np.int64)
    return Known(export.turn, export.pace, np.array(export.pace.instants), arrivals), made


@pytest.mark.parametrize("latency", [0.0, 0.5])
def test_what_the_export_does_is_proved(latency):
    known, made = known_and_made(replace(PLAN, latency_seconds=latency))
    proof = Proof(known, np.array(made), STEADY)
    assert proof.proved == len(made)
    assert not proof.could_be_better


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("wrong", [0, 7, 299])
def test_a_call_a_microsecond_early_or_late_ends_what_is_proved(wrong, by):
    known, made = known_and_made(PLAN)
    guess = np.array(made)
    guess[wrong] += by
    proof = Proof(known, guess, STEADY)
    assert proof.proved == wrong
    assert proof.could_be_better
    assert proof.instants[wrong] == made[wrong]


def test_sums_that_go_on_in_another_way_end_what_is_proved():
    known, made = known_and_made(PLAN)
    for sums in (Sums(Goes.ANEW, Goes.ANEW), Sums(Goes.ON, Goes.ON)):
        proof = Proof(known, np.array(made), sums)
        assert (proof.proved, proof.could_be_better) == (0, False)


def test_a_call_at_which_a_full_minute_is_left_out_is_not_proved():
    known, made = known_and_made(PLAN)
    full = replace(known, earlier=np.full(101, made[0] - 1_000_000))
    assert Proof(full, np.array(made), STEADY).proved == 0


def left_to_the_export(pace: Pace, turn: int, instants: list[int], earlier: list[int]) -> bool:
    """Return whether none of the instants is proved, though they are what follows."""
    arrivals = np.zeros(len(instants), dtype=np.int64)
    known = Known(turn, pace, np.array(earlier), arrivals)
    proof = Proof(known, np.array(instants), Sums(Goes.EITHER_WAY, Goes.EITHER_WAY))
    assert proof.instants.tolist() == instants
    return proof.proved == 0


def pace_after(turn: int, limit: int, answer_us: int = 0) -> Pace:
    pace = Pace(limit, answer_us)
    pace.sent(turn)
    return pace


def test_a_wait_that_is_longer_than_the_time_so_far_may_be_rounded():
    assert left_to_the_export(pace_after(0, 3_000), 0, [20_084], [0])


def test_how_long_to_wait_is_not_known_before_the_one_call_of_a_minute_is_answered():
    pace = pace_after(100_000_000, 1, answer_us=1_500_000)
    assert left_to_the_export(pace, 100_000_000, [161_520_000], [30_000_000, 100_000_000])


def test_a_call_may_be_made_at_an_answer_a_microsecond_before_its_turn():
    due = next(at for at in range(2_000_000, 4_000_000) if at / SECOND * SECOND > at)
    pace = Pace(3_000, answer_us=500)
    pace.due = pace.earliest = due / SECOND
    assert left_to_the_export(pace, due - 400, [due + 1], [due - 500, due - 400])
    assert not left_to_the_export(pace, due - 400, [due + 1], [due - 501, due - 400])


def test_a_call_that_counts_no_more_may_still_be_remembered():
    turn = next(
        at
        for at in range(100_000_000, 100_001_000)
        if (at - 60_020_000) / SECOND > at / SECOND - COUNTS_FOR_SECONDS
        and (at - 60_020_000) / SECOND + COUNTS_FOR_SECONDS <= at / SECOND
    )
    pace = Pace(1, answer_us=0)
    pace.due = pace.earliest = turn / SECOND
    waits = int(np.ceil((turn / SECOND + COUNTS_FOR_SECONDS) * SECOND))
    assert left_to_the_export(pace, turn, [waits], [turn - 60_020_000, turn])
    assert not left_to_the_export(pace, turn, [waits], [turn - 60_020_001, turn])
