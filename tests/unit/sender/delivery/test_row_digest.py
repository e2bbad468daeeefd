"""How the rows that were read are recognized by their content."""

import io
import itertools
from collections.abc import Iterable
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from sender.delivery.row_digest import RowDigest, past
from sender.profiles import NOTHING_YET, BrokenRow, ProfileRow, ProfileSource, UnreadRows

PROFILES = [{"_id": number, "name": "Zoë \ud800"} for number in range(5)]
UNREAD = UnreadRows("p", 2, "damaged")


def digest_of(rows: Iterable[Any]) -> str:
    digest = RowDigest()
    for row in rows:
        digest.add(row)
    return digest.text()


def test_the_same_rows_in_the_same_order_have_the_same_digest() -> None:
    rows = [ProfileRow(profile, "p", 3) for profile in PROFILES]
    moved = [ProfileRow(MappingProxyType(profile), "q", 4) for profile in PROFILES]
    assert digest_of(rows) == digest_of(moved) == digest_of(PROFILES)
    all_orders = {digest_of(order) for order in itertools.permutations(rows)}
    assert len(all_orders) == 120


@pytest.mark.parametrize(
    "pair",
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": "1"}),
        ({"a": Decimal(1)}, {"a": 1}),
        ({"a": b"1"}, {"a": "1"}),
        ({"a": {"b": 1}}, {"a": {"c": 1}}),
        (BrokenRow("p", 1, "not JSON"), BrokenRow("p", 1, "not UTF-8")),
        (BrokenRow("p", 1, "not JSON"), ProfileRow({}, "p", 1)),
    ],
)
def test_rows_that_differ_have_different_digests(pair: tuple[Any, Any]) -> None:
    first, second = pair
    assert digest_of([first]) != digest_of([second])


def test_one_row_is_not_two() -> None:
    assert digest_of([{}, {}]) != digest_of([{}])


@pytest.mark.parametrize("odd", [{(1, 2): 3}, {"a": 10**5000}, None, 5])
def test_a_row_that_no_json_can_hold_does_not_end_the_export(odd: object) -> None:
    assert digest_of([odd]) == digest_of([odd])


def test_what_was_read_is_passed_over_and_the_digest_goes_on() -> None:
    rows: list[Any] = [PROFILES[0], NOTHING_YET, UNREAD, *PROFILES[1:]]
    found = past(iter(rows), 3, digest_of(PROFILES[:3]))
    assert found is not None
    rest, digest = found
    assert list(rest) == [UNREAD, *PROFILES[3:]]
    assert digest.text() == digest_of(PROFILES[:3])


@pytest.mark.parametrize(
    "now",
    [
        PROFILES[::-1],
        PROFILES[1:],
        PROFILES[:2],
        [],
        [*PROFILES[:2], {"_id": "edited"}, *PROFILES[3:]],
        [{"_id": "before"}, *PROFILES],
    ],
)
def test_rows_that_were_changed_before_the_point_are_noticed(now: list[Any]) -> None:
    assert past(now, 3, digest_of(PROFILES[:3])) is None


@pytest.mark.parametrize("more", [[], [{"_id": "appended"}], [{"_id": "edited"}, NOTHING_YET]])
def test_rows_that_were_changed_after_the_point_are_read_as_they_are(more: list[Any]) -> None:
    found = past([*PROFILES[:3], *more], 3, digest_of(PROFILES[:3]))
    assert found is not None
    assert list(found[0]) == more


def test_nothing_read_fits_everything_and_without_a_digest_the_count_decides() -> None:
    for found in (past(PROFILES, 0, digest_of([])), past(PROFILES, 0, None)):
        assert found is not None
        assert list(found[0]) == PROFILES
    found = past(PROFILES, 3, None)
    assert found is not None
    assert list(found[0]) == PROFILES[3:]


def read(format_name: str, content: bytes) -> Iterable[Any]:
    return ProfileSource(["-"], io.BytesIO(content), None, format_name)


@pytest.mark.parametrize(
    ("name", "before", "now", "is_same"),
    [
        ("jsonl", b'{"_id": "1"}', b'{"_id": "1"}\r\n', True),  # appended to in between
        ("jsonl", b'{"_id": "1"}\n', b'{"_id": "2"}\n', False),
        ("jsonl", b'[{"_id": "1"}]', b'[\n{"_id": "1"} ]', True),
        ("jsonl", b'[{"_id": "1"}]', b'[{"_id": "2"}]', False),
        ("csv", b"_id,a\n1,2\n", b'_id,a\r\n"1",2', True),
        ("csv", b"_id,a\n1,2\n", b"_id,b\n1,2\n", False),
        ("csv", b"_id,a\n1,2\n", b"_id,a\n12,\n", False),
    ],
)
def test_a_row_of_a_file_is_recognized_by_what_stood_there(
    name: str, before: bytes, now: bytes, *, is_same: bool
) -> None:
    assert (digest_of(read(name, before)) == digest_of(read(name, now))) is is_same
