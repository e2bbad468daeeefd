import pytest

from mock_qualtrics.web.pages.controls.durations import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        (" 0.5 ", 0.5),
        ("1h30m", 5_400),
        ("1 H 30 M", 5_400),
        ("2d", 172_800),
        ("1.5h", 5_400),
        ("0", 0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1h30", None),
        ("inf", None),
        ("1e9", None),
        ("٣", None),
        ("9" * 13, None),
    ],
)
def test_a_duration_is_seconds_or_units(text, seconds):
    assert seconds_of(text) == seconds
