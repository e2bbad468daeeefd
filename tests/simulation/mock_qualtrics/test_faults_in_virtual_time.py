"""Faults that come and go with the tenant's clock, in virtual time."""

import pytest
import requests

from contracts.control_client import ControlClient, control_url_of
from mock_qualtrics.testing import Qualtrics

TIMEOUT_SECONDS = 60
START, LATER = "2026-01-01T00:01:00Z", "2026-01-01T00:06:00Z"


def statuses(qualtrics: Qualtrics, calls: int) -> list[int]:
    headers = {"X-API-TOKEN": qualtrics.api_token}
    return [
        requests.post(
            qualtrics.trigger_url, json={"n": n}, headers=headers, timeout=TIMEOUT_SECONDS
        ).status_code
        for n in range(calls)
    ]


@pytest.mark.qualtrics(clock="virtual")
def test_a_brown_out_begins_and_ends_with_the_tenant_s_clock(qualtrics: Qualtrics):
    qualtrics.faults.add("status", when={"between": [START, LATER]}, status=503)
    assert statuses(qualtrics, 2) == [202, 202]
    qualtrics.clock.advance(seconds=60)
    assert statuses(qualtrics, 2) == [503, 503]
    qualtrics.clock.advance(seconds=299.999_999)
    assert statuses(qualtrics, 1) == [503]
    qualtrics.clock.advance(seconds=0.000_001)
    assert statuses(qualtrics, 1) == [202]


@pytest.mark.qualtrics(clock="virtual", limits={"calls_per_minute": 5})
def test_a_limit_that_is_lowered_for_a_while_is_the_old_one_again_afterwards(qualtrics: Qualtrics):
    qualtrics.faults.add("lower-limit", when={"between": [START, LATER]}, calls_per_minute=2)
    assert statuses(qualtrics, 6).count(202) == 5
    qualtrics.clock.advance(seconds=120)
    assert statuses(qualtrics, 6).count(202) == 2
    qualtrics.clock.advance(seconds=600)
    assert statuses(qualtrics, 6).count(202) == 5


@pytest.mark.qualtrics(limits={"calls_per_minute": 100_000})
def test_about_one_in_a_hundred_fails_as_the_vendor_calls_normal_and_a_retry_passes(
    qualtrics: Qualtrics,
):
    """Q-FAULT-1."""
    qualtrics.faults.add("status", when={"probability": 0.01}, status=500)
    first = statuses(qualtrics, 400)
    assert 0 < first.count(500) < 20
    again = statuses(qualtrics, 400)
    assert not {n for n, status in enumerate(first) if status == 500} & {
        n for n, status in enumerate(again) if status == 500
    }


@pytest.mark.qualtrics(clock="virtual", seed=11)
def test_a_reset_tenant_starts_without_faults(qualtrics: Qualtrics):
    qualtrics.faults.add("status", when={"every": 1}, status=500)
    with ControlClient(control_url_of(qualtrics.url)) as control:
        assert control.reset(qualtrics.id)["id"] == qualtrics.id
    assert qualtrics.faults.all() == []
    assert statuses(qualtrics, 1) == [202]
