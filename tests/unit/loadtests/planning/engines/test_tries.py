"""The tries of messages, span by span, in the order in which they are made."""

from loadtests.planning import Batch, Plan
from loadtests.planning.engines.tries import CALLS_AT_ONCE, Due


def test_memory_is_flat_in_the_number_of_messages():
    """All messages fail: what is kept of them is one run of numbers for each try."""
    plan = Plan(profiles=10_000, arrival_rate=1_000.0)
    made = longest = runs = 0
    for span in Due(plan).spans():
        made, longest = made + len(span), max(longest, len(span))
        for _, number, tries in span:
            if tries.attempt < 3:
                tries.failed.append(number)
            runs = max(runs, len(tries._runs))
    assert made == 3 * 10_000
    assert longest <= CALLS_AT_ONCE
    assert runs <= 1


def test_messages_between_which_others_were_delivered_are_runs_of_their_own():
    plan = Plan(profiles=9, arrival_rate=1.0)
    due = Due(plan)
    made = []
    for span in due.spans():
        for instant, number, tries in span:
            made.append((instant // 1_000_000, number, tries.attempt))
            if tries.attempt == 1 and number % 3:
                tries.failed.append(number)
    assert made == sorted(made)
    assert [each[:2] for each in made if each[2] == 2] == [(15 + n, n) for n in (1, 2, 4, 5, 7, 8)]


def test_batches_that_overlap_are_merged_by_instant_and_number():
    batches = (Batch(start_seconds=1, profiles=3), Batch(start_seconds=0, profiles=3))
    plan = Plan(profiles=6, arrival_rate=1.0, batches=batches)
    made = [
        (instant // 1_000_000, number) for span in Due(plan).spans() for instant, number, _ in span
    ]
    assert made == [(0, 3), (1, 0), (1, 4), (2, 1), (2, 5), (3, 2)]


def test_a_gap_between_two_batches_is_passed_over():
    batches = (Batch(start_seconds=0, profiles=1), Batch(start_seconds=86_400 * 365, profiles=1))
    plan = Plan(profiles=2, arrival_rate=1.0, batches=batches)
    assert len(list(Due(plan).spans())) == 2
