"""An audience's days count in full."""

import datetime as dt

from sender.dataflow import AudienceActivation


def test_an_audience_is_active_from_its_first_to_its_last_day():
    first, last = dt.date(2023, 9, 1), dt.date(2023, 9, 30)
    audience = AudienceActivation("a", first, last)
    assert audience.is_active(first)
    assert audience.is_active(last)
    assert not audience.is_active(first - dt.timedelta(days=1))
    assert not audience.is_active(last + dt.timedelta(days=1))
    assert AudienceActivation("a").is_active(first)
