import pytest

from loadtests.measuring import Call, Measurements
from loadtests.verdicts import GeneratorLimits, generator_reasons

LIMITS = GeneratorLimits()


def measured(late_us: int = 0, calls: int = 100) -> Measurements:
    seen = Measurements(1.0)
    for number in range(calls):
        seen.add(Call(number, 1, 0, late_us, late_us + 10, 202, "delivered"))
    return seen


def test_a_generator_that_keeps_up_is_no_limit() -> None:
    seen = measured(late_us=50_000)
    for _ in range(10):
        seen.note_processor(0.5)
    assert generator_reasons(seen, LIMITS) == ()


def test_arrivals_that_were_never_sent_make_it_one() -> None:
    seen = measured()
    seen.note_unsent(3)
    (reason,) = generator_reasons(seen, LIMITS)
    assert reason.startswith("3 arrivals due and never sent")


def test_late_calls_make_it_one_in_the_warm_up_too() -> None:
    seen = Measurements(1.0, warm_up_us=1)
    seen.add(Call(0, 1, 0, 200_000, 200_001, 202, "delivered"))
    (reason,) = generator_reasons(seen, LIMITS)
    assert "sent 200 ms late or later, 100 ms allowed" in reason


@pytest.mark.parametrize(("busy", "limited"), [(1, False), (2, True)])
def test_a_process_that_is_short_of_processor_makes_it_one(busy, limited) -> None:
    seen = measured()
    for second in range(10):
        seen.note_processor(0.95 if second < busy else 0.3)
    assert bool(generator_reasons(seen, LIMITS)) is limited


def test_a_busy_process_is_told_with_what_was_allowed_and_what_to_do() -> None:
    seen = measured()
    seen.note_processor(1.0)
    (reason,) = generator_reasons(seen, LIMITS)
    assert "90% of a core or more in 1 of 1 seconds, 10% of them allowed: take more" in reason
