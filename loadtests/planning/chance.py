"""Chance that depends on nothing but the seed, the message and its attempt. Pure.

So a forecast does not depend on the order in which an engine asks, and a call has the same luck
under another limit. The mixing is that of SplitMix64, on 64-bit integers: a vectorised engine does
the same with the same numbers.
"""

CHANCES = 2**53
_MASK = (1 << 64) - 1
SEED_FACTOR = 0x9E3779B97F4A7C15
NUMBER_FACTOR = 0xD1B54A32D192ED03
ATTEMPT_FACTOR = 0x8CB92BA72F3D8DD7
FIRST_MIX, SECOND_MIX = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def draw(seed: int, number: int, attempt: int) -> float:
    """Return a number from 0 up to, but not including, 1: a multiple of 2**-53.

    Args:
        seed: the plan's seed.
        number: the message's number.
        attempt: which call of the message it is, from 1.

    Example:
        >>> draw(0, 0, 1) == draw(0, 0, 1) != draw(0, 0, 2)
        True
    """
    return mixed(seed, number, attempt) / CHANCES


def mixed(seed: int, number: int, attempt: int) -> int:
    """Return 53 bits that look random: the same as a whole number below ``CHANCES``."""
    bits = (seed + 1) * SEED_FACTOR + (number + 1) * NUMBER_FACTOR + attempt * ATTEMPT_FACTOR
    bits &= _MASK
    bits = (bits ^ (bits >> 30)) * FIRST_MIX & _MASK
    bits = (bits ^ (bits >> 27)) * SECOND_MIX & _MASK
    return (bits ^ (bits >> 31)) >> 11
