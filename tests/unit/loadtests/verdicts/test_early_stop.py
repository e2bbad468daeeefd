import pytest

from loadtests.measuring import Call, Measurements
from loadtests.verdicts import Remaining, Threshold, can_still_be_met


def measured(ones) -> Measurements:
    seen = Measurements(1.0)
    for number, (latency, (status, ending)) in enumerate(ones):
        seen.add(Call(number, 1, 0, 0, latency, status, ending))
    return seen


WELL, LOST, SLOW = (
    (1_000, (202, "delivered")),
    (1_000, (429, "dropped")),
    (900_000, (202, "delivered")),
)


@pytest.mark.parametrize(
    ("text", "so_far", "remaining", "can"),
    [
        ("lost==0", [WELL], 5, True),
        ("lost==0", [LOST], 5, False),
        ("lost<2", [LOST], 5, True),
        ("error_ratio<0.5", [LOST, LOST], 2, False),
        ("error_ratio<0.5", [LOST, LOST], 3, True),
        ("p95_ms<250", [SLOW], 8, False),
        ("p95_ms<250", [SLOW], 9, False),
        ("p95_ms<250", [SLOW], 10, True),  # the library rounds: the 10th of 11
        ("max_ms<250", [SLOW], 1_000, False),
        ("p95_ms>250", [WELL], 0, True),
        ("accepted_per_second>=10", [SLOW], 8, True),
        ("accepted_per_second>=10", [SLOW], 7, False),
        ("accepted_per_second<1", [SLOW], 7, True),
        ("accepted_per_second>=10", [], 5, True),
        ("duplicates==0", [LOST], 5, True),
    ],
)
def test_it_is_given_up_once_nothing_can_save_it(text, so_far, remaining, can) -> None:
    threshold = Threshold.parse(text)
    counted = measured(so_far).counted
    assert can_still_be_met(threshold, counted, Remaining(remaining)) is can
