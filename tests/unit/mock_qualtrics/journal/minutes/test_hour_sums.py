"""Sums of hours are kept until a minute of theirs changes."""

from mock_qualtrics.journal.minutes.hour_sums import HourSums
from mock_qualtrics.journal.minutes.minute_steps import MinuteStep

TENANT, OTHER = 2, 3
SUMS = {10: MinuteStep(0, 60, received=1), 11: MinuteStep(1, 60, received=2)}


def kept() -> HourSums:
    sums = HourSums()
    for tenant_number in (TENANT, OTHER):
        sums.keep(tenant_number, SUMS, sums.version, ())
    return sums


def test_what_changes_is_not_kept():
    sums = HourSums()
    sums.keep(TENANT, SUMS, sums.version, {11})
    assert list(sums.of(TENANT)) == [10]


def test_a_minute_drops_its_hour_of_its_tenant():
    sums = kept()
    sums.drop(TENANT, 11 * 60 + 59)
    assert (list(sums.of(TENANT)), list(sums.of(OTHER))) == ([10], [10, 11])


def test_a_forgotten_tenant_has_none():
    sums = kept()
    sums.forget(TENANT)
    assert (dict(sums.of(TENANT)), dict(sums.of(OTHER))) == ({}, SUMS)


def test_what_was_read_before_a_change_is_not_kept_after_it():
    for change in (lambda sums: sums.drop(OTHER, 5), lambda sums: sums.forget(OTHER)):
        sums = HourSums()
        version = sums.version
        change(sums)
        sums.keep(TENANT, SUMS, version, ())
        assert dict(sums.of(TENANT)) == {}
