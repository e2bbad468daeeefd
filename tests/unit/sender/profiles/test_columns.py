"""What a table's columns mean, also under the names that Adobe's file exports give them."""

from typing import Any

import pytest

from sender.errors import BrokenRowError
from sender.profiles.columns import Columns

TIME = "2023-09-05T10:43:55Z"
UPS = "segmentMembership.ups."


def table(cells: dict[str, Any]) -> dict[str, Any]:
    columns = Columns(list(cells))
    assert columns.problems() == []
    return columns.profile(list(cells.values()))


@pytest.mark.parametrize(
    ("status", "time", "membership"),
    [
        ("realized", TIME, {"status": "realized", "lastQualificationTime": TIME}),
        (" exited ", f" {TIME} ", {"status": "exited", "lastQualificationTime": TIME}),
        ("existing", "", {"status": "existing"}),
        ("", TIME, {"lastQualificationTime": TIME}),
    ],
)
def test_status_and_time_have_a_column_each(
    status: str, time: str, membership: dict[str, Any]
) -> None:
    cells = {f"{UPS}a.b.status": status, f"{UPS}a.b.lastQualificationTime": time}
    assert table(cells) == {"segmentMembership": {"ups": {"a.b": membership}}}


def test_consents_have_columns_too() -> None:
    cells = {
        "consents.marketing.any.val": "y",
        "consents.share.val": "",
        "consents.idSpecific.Email.a@example.com.marketing.email.val": "n",
    }
    assert table(cells) == {
        "consents": {
            "marketing": {"any": {"val": "y"}},
            "idSpecific": {"Email": {"a@example.com": {"marketing": {"email": {"val": "n"}}}}},
        }
    }


def test_a_status_without_a_column_for_its_time_is_read() -> None:
    cells = {f"{UPS}a.status": "realized", f"{UPS}b.status": ""}
    assert table(cells) == {"segmentMembership": {"ups": {"a": {"status": "realized"}}}}


@pytest.mark.parametrize(
    ("detail", "cell", "reason"),
    [
        ("status", "Active", "found 'Active', expected realized or exited"),
        ("status", "Dave", "found a text such as 'aaaa', expected realized or exited"),
        ("status", TIME, "found a text such as .*, expected realized or exited"),
        (
            "lastQualificationTime",
            "5.9.2023",
            "found a text such as '0.0.0000', expected an instant",
        ),
    ],
)
def test_a_detail_that_is_none_breaks_the_row(detail: str, cell: str, reason: str) -> None:
    with pytest.raises(BrokenRowError, match=f"column {UPS}a.{detail}: {reason}"):
        table({f"{UPS}a.{detail}": cell})


def test_each_identity_of_a_namespace_may_have_a_column() -> None:
    cells = {
        "identityMap.Email[0].id": "a@example.com",
        "identityMap.Email[0].primary": "true",
        "identityMap.Email[1].id": "b@example.com",
        "identityMap.Email[1].authenticatedState": "ambiguous",
        "identityMap.CRM[0].id": "",
        f"{UPS}a.validUntil": TIME,
    }
    assert table(cells) == {
        "identityMap": {"Email": [{"id": "a@example.com"}, {"id": "b@example.com"}]}
    }


@pytest.mark.parametrize("twice", [f"{UPS}a.status", f"{UPS}a.lastQualificationTime"])
def test_an_audience_has_one_form_of_columns(twice: str) -> None:
    assert "the beginning of another" in Columns([f"{UPS}a", twice]).problems()[0]


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ([f"{UPS}a", f"{UPS}b.status", f"{UPS}c.lastQualificationTime"], {"a", "b"}),
        (["segmentMembership.aam.a"], set()),
        ([], set()),
    ],
)
def test_a_time_alone_tells_of_no_audience(header: list[str], known: set[str]) -> None:
    columns = Columns(header)
    assert columns.known_audiences == known
    assert [columns.knows(f"{UPS}{audience}") for audience in "abc"] == [
        audience in known for audience in "abc"
    ]


@pytest.mark.parametrize(
    ("open_fields", "known"),
    [((), frozenset({"a"})), (("segmentMembership",), None), (("segmentMembership.ups",), None)],
)
def test_a_map_can_tell_of_any_audience(
    open_fields: tuple[str, ...], known: frozenset[str] | None
) -> None:
    fields = ["identityMap.Email", f"{UPS}a.status", "person.name"]
    columns = Columns(
        ["identityMap", "person"], is_nested=True, fields=fields, open_fields=open_fields
    )
    assert columns.known_audiences == known
    assert columns.knows(f"{UPS}z") is (known is None)
    assert columns.knows("person")
    assert not columns.knows("person.name.firstName")
