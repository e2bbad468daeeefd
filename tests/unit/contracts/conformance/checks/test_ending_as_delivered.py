"""Where a connector may deliver all or less, its exit code must say which."""

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.checks.ending import check_ending
from support.recordings import call, message, recorded

SCENARIO = catalogue()["disabled-in-mid-run"]
ADA, BOB = message("ada"), message("bob")
LOST = (
    "it ended with exit code 0, expected another one: not all was delivered; the first message is "
    "that of b***@e***.com, whose calls were answered 404"
)


@pytest.mark.parametrize(
    ("second_status", "exit_code", "expected"),
    [
        (202, 0, []),
        (202, 1, ["it ended with exit code 1, expected exit code 0: all could be delivered"]),
        (404, 1, []),
        (
            404,
            0,
            [LOST],
        ),
    ],
)
def test_the_exit_code_says_whether_all_was_delivered(second_status, exit_code, expected):
    recording = recorded([call(ADA), call(BOB, second_status)], [ADA, BOB], exit_code)
    assert list(check_ending(SCENARIO, recording)) == expected
