from loadtests.soak.samples import Sample, sampled
from sender.clock import VirtualClock
from support.soaks import FLAT


def looked(clock, slow=(), goes_on=lambda: True):
    """Return when each of five looks, two seconds apart, was made; None: it was left out."""
    looks = iter(range(100))

    def look() -> Sample:
        began = clock.monotonic()
        clock.sleep(dict(slow).get(next(looks), 0.0))
        return FLAT._replace(answer_ms=began)

    found = sampled(look, 5, 2.0, clock, goes_on)
    return [None if each is None else each.answer_ms for each in found]


def test_looks_are_evenly_spaced():
    assert looked(VirtualClock()) == [0.0, 2.0, 4.0, 6.0, 8.0]


def test_a_look_that_takes_long_leaves_out_others_and_moves_none():
    assert looked(VirtualClock(), slow=[(1, 5.0)]) == [0.0, 2.0, None, 7.0, 8.0]


def test_it_is_looked_at_no_more_once_a_load_has_ended():
    answers = iter([True, True, False])
    assert looked(VirtualClock(), goes_on=lambda: next(answers)) == [0.0, 2.0, None, None, None]
