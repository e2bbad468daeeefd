"""A guess is proved up to its first call that is not as it should be, and no further."""

from dataclasses import replace

import pytest

from loadtests.planning import Plan
from loadtests.planning.engines.undisturbed.export import Export
from sender.policies import LOSSLESS

pytest.importorskip("numpy")
import numpy as np

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
