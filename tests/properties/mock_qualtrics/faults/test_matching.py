"""A fault depends on its seed and the request, not on the order in which calls arrive."""

from collections import Counter
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.faults import Counts, FaultSet
from mock_qualtrics.model import Call

BODIES = [b'{"id": %d}' % number for number in range(6)]
attempts = st.lists(st.sampled_from(BODIES), max_size=40)
seeds = st.integers(0, 2**64)
shares = st.floats(0, 1)


def outcomes(seed: int, share: float, order: Iterable[bytes]) -> set[tuple[bytes, int, bool]]:
    """Return body, number of the attempt, and whether it was struck, for each call."""
    faults = FaultSet(seed)
    faults.add({"kind": "status", "status": 500, "when": {"probability": share}})
    before: Counter[bytes] = Counter()
    seen = set()
    for received, body in enumerate(order):
        call = Call("POST", "/", "", (), body)
        hit = bool(faults.choose(call, body, Counts(received, before[body]), received))
        seen.add((body, before[body], hit))
        before[body] += 1
    return seen


@given(seeds, shares, attempts, st.data())
def test_the_same_attempts_are_struck_however_calls_are_interleaved(
    seed: int, share: float, order: list[bytes], data: st.DataObject
):
    another_order = data.draw(st.permutations(order))
    assert outcomes(seed, share, order) == outcomes(seed, share, another_order)


@given(seeds, st.sampled_from(BODIES))
def test_a_retry_of_what_was_struck_succeeds_in_the_end(seed: int, body: bytes):
    assert not all(hit for _, _, hit in outcomes(seed, 0.5, [body] * 64))


@given(st.lists(seeds, min_size=10, max_size=10, unique=True))
def test_another_seed_strikes_other_attempts(many: list[int]):
    assert len({frozenset(outcomes(seed, 0.5, BODIES * 3)) for seed in many}) > 1


@given(seeds, shares, attempts)
def test_a_lower_probability_matches_a_part_of_what_a_higher_one_matches(
    seed: int, share: float, order: list[bytes]
):
    fewer = {(body, n) for body, n, hit in outcomes(seed, share / 2, order) if hit}
    more = {(body, n) for body, n, hit in outcomes(seed, share, order) if hit}
    assert fewer <= more


@given(st.integers(1, 50), st.integers(1, 100))
def test_first_and_every_strike_exactly_as_many_calls_as_they_say(calls: int, received: int):
    for when, expected in (
        ({"first": calls}, min(calls, received)),
        ({"every": calls}, received // calls),
    ):
        faults = FaultSet(0)
        faults.add({"kind": "hang", "when": when})
        call = Call("POST", "/", "", (), b"")
        hits = sum(bool(faults.choose(call, b"", Counts(n, 0), 0)) for n in range(received))
        assert hits == expected
