"""Faults in force, and what they do to a call."""

from collections.abc import Callable

import pytest

from mock_qualtrics.faults import Counts, FaultEffect, FaultSet
from mock_qualtrics.model import Call

CALL = Call("POST", "/inbound-event/v1/events/json/triggers", "", (), b"{}")
NEW_YEAR_2026 = 1_767_225_600_000_000


@pytest.fixture
def effect() -> Callable[..., FaultEffect]:
    """Return what faults, striking always, do to a call."""

    def of(*faults: dict[str, object]) -> FaultEffect:
        tenant_faults = FaultSet(seed=7)
        for fault in faults:
            tenant_faults.add({"when": {"every": 1}, **fault})
        return tenant_faults.effect_on(CALL, b"", Counts(), 0)

    return of


@pytest.fixture
def struck() -> Callable[[FaultSet, int], list[int]]:
    """Return the places, from 1, of those of so many equal calls that any fault matches."""

    def places(faults: FaultSet, calls: int) -> list[int]:
        return [
            number
            for number in range(1, calls + 1)
            if faults.choose(CALL, b"digest", Counts(number - 1, number - 1), NEW_YEAR_2026)
        ]

    return places
