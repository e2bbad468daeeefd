"""Whatever the noise: a creep is found, and what only jumps now and then is not taken for one."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from loadtests.soak.flatness import Allowance, growth
from loadtests.soak.series import series_of
from support.soaks import soak

seeds = st.integers(0, 2**32)
lengths = st.integers(60, 400)
ALL_SERIES = series_of(soak())


@given(seeds, lengths, st.floats(1e-3, 1e6), st.floats(0.0, 0.5))
def test_a_steady_creep_is_found_however_steep(seed, length, slope, share_of_noise):
    """Noise of up to half of what the creep makes in a third."""
    random = Random(seed)
    noise = share_of_noise * slope * length / 3
    values = [place * slope + random.uniform(0.0, noise) for place in range(length)]
    assert not growth(values, Allowance(absolute=0.0)).is_flat


@given(seeds, lengths, st.floats(1.0, 1e6))
def test_noise_with_outliers_is_flat(seed, length, level):
    random = Random(seed)
    values = [
        level * 100 if random.random() < 0.1 else level * random.uniform(0.95, 1.05)
        for _ in range(length)
    ]
    assert growth(values, Allowance(absolute=0.0, relative=0.05)).is_flat


@given(seeds, st.sampled_from(ALL_SERIES))
def test_a_planted_leak_is_found_in_each_series_of_a_soak(seed, series):
    random = Random(seed)
    least = series.allowance.absolute
    leaking = [
        value + random.uniform(0.0, value / 20) + (value + least) * 4 * step / len(series.values)
        for step, value in enumerate(filter(None, series.values))
    ]
    assert growth(series.values, series.allowance).is_flat
    assert not growth(leaking, series.allowance).is_flat
