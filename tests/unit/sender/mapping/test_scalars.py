"""How instants and ids are written in a message."""

import copy
import datetime as dt
import json
import uuid
from decimal import Decimal

import pytest

from contracts.documents import MOST_BITS
from sender.mapping.scalars import WrittenFloat, id_text, scalar, utc_text, whole_number


@pytest.mark.parametrize(
    ("given", "exported"),
    [
        ("2023-09-05T10:43:55.602687Z", "2023-09-05T10:43:55.602687Z"),
        ("2023-09-05T10:43:55Z", "2023-09-05T10:43:55.000000Z"),
        ("2023-09-05T10:43:55.6Z", "2023-09-05T10:43:55.600000Z"),
        ("2023-09-05T10:43:55.602687999Z", "2023-09-05T10:43:55.602687Z"),
        ("2023-09-05T12:43:55.602687+02:00", "2023-09-05T10:43:55.602687Z"),
        ("2023-W36-2T10:43:55.602687Z", "2023-09-05T10:43:55.602687Z"),
        ("2023-09-05 10:43:55", "2023-09-05T10:43:55.000000Z"),
        ("2023-09-05", "2023-09-05T00:00:00.000000Z"),
        (dt.datetime(2023, 9, 5, 10, tzinfo=dt.UTC), "2023-09-05T10:00:00.000000Z"),
        ("2023-13-05T10:43:55.602687Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        ("2016-12-31T23:59:60Z", None),
        (1693910635, None),
        (None, None),
    ],
)
def test_instants_are_written_in_utc_with_microseconds(given: object, exported: object):
    assert utc_text(given) == exported


class Wide:
    """A whole number of another library, such as numpy's."""

    def __index__(self) -> int:
        return 2**63


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("007", "007"),
        ("", ""),
        (12345678901234567890, "12345678901234567890"),
        (-5, "-5"),
        (0, "0"),
        (Wide(), "9223372036854775808"),
        (Decimal("9" * 38), "9" * 38),
        (Decimal("1E+3"), "1000"),
        (Decimal("17.00"), "17"),
        (Decimal("17.5"), ""),
        (Decimal("NaN"), ""),
        (Decimal("1E+999999999"), ""),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (WrittenFloat.read("1e3"), "1000"),
        (WrittenFloat.read("1457.0"), "1457"),
        (WrittenFloat.read("12345678901234567891.0"), "12345678901234567891"),
        (WrittenFloat.read("-0.0"), "0"),
        (WrittenFloat.read("1e400"), "1" + "0" * 400),
        (WrittenFloat.read("1e999999999"), ""),
        (WrittenFloat.read("0.99999999999999999"), ""),  # the float is 1.0
        (WrittenFloat.read("4503599627370497.5"), ""),  # the float is a whole number
        (WrittenFloat.read("0.5"), ""),
        (WrittenFloat.read("1.5e-99999999999999999999"), ""),
        (1457.0, ""),
        (True, ""),
        (b"1", ""),
        (None, ""),
        ([1], ""),
    ],
)
def test_ids_are_texts_uuids_and_whole_numbers_as_exact_decimal_text(value: object, text: str):
    assert id_text(value) == text


def test_a_number_that_keeps_its_text_is_exported_as_the_float_that_it_is():
    number = scalar(WrittenFloat.read("1.0"))
    assert json.dumps([number, copy.deepcopy(number)]) == "[1.0, 1.0]"
    assert id_text(copy.deepcopy(number)) == "1"
    assert scalar(WrittenFloat.read("1e400")) is None


def test_a_uuid_is_exported_as_a_text():
    assert scalar(uuid.UUID(int=1)) == "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal(17), "17"),
        (Decimal("17.50"), "17.5"),
        (Decimal("1E+75"), "1" + "0" * 75),
        (Decimal("1E+76"), "1e+76"),
        (Decimal("NaN"), "null"),
        (2**63, "9223372036854775808"),
    ],
)
def test_a_decimal_is_written_as_the_whole_number_that_it_is_or_as_a_float(value, written):
    assert json.dumps(scalar(value)) == written


def test_a_whole_number_that_no_reader_takes_is_not_exported():
    longest = 2**MOST_BITS - 1
    assert (scalar(longest), id_text(longest)) == (longest, str(longest))
    assert (scalar(longest + 1), id_text(longest + 1)) == (None, "")
    assert whole_number(Decimal("1E+4299")) == 10**4299
    assert whole_number(Decimal("1E+4300")) is None
