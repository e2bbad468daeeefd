"""What a ``Retry-After`` header asks for, in all the forms that servers send."""

import pytest

from sender.transport.retry_after import retry_after_seconds

NOW = 784_111_777.0 - 60.0  # a minute before RFC 9110's own example of a date


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3),
        (" 3 ", 3),
        ("0", 0),
        ("2.5", 3),
        ("0.001", 1),
        ("3.0", 3),
        ("3, 3", 3),
        ("1, 120,2", 120),
        ("soon, 5", 5),
        ("0000000000000007", 7),
        ("9" * 400, 10**8),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 60),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 60),
        ("Sun Nov  6 08:49:37 1994", 60),
        ("Sun, 06 Nov 1994 08:49:37 -0000", 60),
        ("Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:50:37 GMT", 120),
        ("90, Sun, 06 Nov 1994 08:49:37 GMT", 90),
    ],
)
def test_seconds_are_rounded_up_and_the_longest_wait_counts(header, seconds):
    assert retry_after_seconds(header, NOW) == seconds


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        ",",
        "soon",
        "nan",
        "inf",
        "Infinity",
        "-5",
        "-0.5",
        "+3",
        "1e3",
        "1e400",
        "1_000",
        "0x10",
        "3 3",
        "3;",
        ".5",
        "\u0663",
        "\u00b2",
        "\uff13",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sun, \u0660\u0666 Nov 1994 08:49:37 GMT",
        "Mon, 99 Foo 1970 99:99:99",
        "Sun",
    ],
)
def test_what_nobody_can_read_asks_for_nothing(header):
    assert retry_after_seconds(header, NOW) == 0
