"""How long an answer asks to wait."""

import pytest

from contracts.verification.retry_after import retry_after_seconds

DATE = "Thu, 01 Jan 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("2", None, 2.0),
        (" 0 ", None, 0.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", DATE, 60.0),
        ("Wed, 31 Dec 2025 00:01:00 GMT", DATE, 0.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", None, None),
        ("soon", DATE, None),
        ("9" * 5_000, None, None),
        ("Thu, 01 Jan 99999999999 00:00:00 GMT", DATE, None),
        ("Thu, 01 Jan 2026 00:01:00 +99999999999999999", DATE, None),
        ("²", None, None),
        (None, None, None),
    ],
)
def test_it_is_seconds_or_a_date_or_nothing(value, date, seconds):
    assert retry_after_seconds(value, date) == seconds
