"""Whether a source can know what a dataflow maps."""

from collections.abc import Iterable
from typing import Any

import pytest

from sender.dataflow import Dataflow
from sender.profiles import NOTHING_YET, BrokenRow, ProfileRow, UnreadRows, coverage
from sender.profiles.columns import Columns
from sender.profiles.coverage import (
    EarlierExports,
    coverage_of,
    missing_columns,
    problems_of_columns,
    with_known_audiences,
)

UPS = "segmentMembership.ups."
ALL = ["identityMap.Email", "identityMap.CRM", f"{UPS}a", f"{UPS}b", "person.name.firstName"]


@pytest.fixture
def dataflow(raw: dict[str, Any]) -> Dataflow:
    identities = [("Email", "email"), ("CRM", "external_id")]
    return Dataflow.from_mapping(
        raw
        | {
            "attributes": [{"source": "person.name.firstName", "target": "firstName"}],
            "identities": [{"source": s, "target": t} for s, t in identities],
            "audiences": [{"id": "a"}, {"id": "b"}],
        }
    )


def rows(*profiles: dict[str, Any]) -> list[ProfileRow]:
    return [ProfileRow(profile, "p.jsonl", n) for n, profile in enumerate(profiles, start=1)]


def member(**ups: str) -> dict[str, Any]:
    return {"segmentMembership": {"ups": {key: {"status": ups[key]} for key in ups}}}


@pytest.mark.parametrize("absent", ALL)
def test_a_table_without_a_column_that_earlier_exports_had_is_refused_by_name(
    dataflow: Dataflow, absent: str
) -> None:
    columns = Columns([name for name in ALL if name != absent])
    assert missing_columns(columns, dataflow) == [absent]
    assert problems_of_columns(columns, dataflow) == [], "nothing is known that could be lost"
    earlier = EarlierExports(fields=frozenset(ALL))
    (problem,) = problems_of_columns(columns, dataflow, earlier)
    assert problem.startswith(f"no column for {absent}: found identityMap.")
    assert "expected the columns that earlier exports had, or --allow-missing-columns: " in problem
    assert problems_of_columns(columns, dataflow, earlier, allow_missing=True) == []


def test_a_table_without_a_column_of_an_audience_with_members_is_refused(
    dataflow: Dataflow,
) -> None:
    columns = Columns([name for name in ALL if name != f"{UPS}b"])
    assert problems_of_columns(columns, dataflow, EarlierExports(frozenset("a"))) == []
    (problem,) = problems_of_columns(columns, dataflow, EarlierExports(frozenset("b")))
    assert problem.startswith(f"no column for {UPS}b: ")


def test_a_table_without_any_mapped_audience_is_refused(dataflow: Dataflow) -> None:
    columns = Columns([name for name in ALL if not name.startswith(UPS)])
    (problem,) = problems_of_columns(columns, dataflow)
    assert problem.startswith(f"no column for {UPS}a, {UPS}b: ")
    assert "expected one of a mapped audience, or --allow-missing-columns: " in problem


@pytest.mark.parametrize("name", ["Person.Name.First_Name", "person.name.first name"])
def test_a_column_that_is_only_spelled_otherwise_is_refused(dataflow: Dataflow, name: str) -> None:
    (problem,) = problems_of_columns(Columns([*ALL[:-1], name]), dataflow)
    assert problem.startswith("no column for person.name.firstName: ")
    assert "expected the names as the dataflow maps them, or " in problem


def test_a_table_with_all_columns_is_taken(dataflow: Dataflow) -> None:
    assert problems_of_columns(Columns([*ALL, "other"]), dataflow) == []


def test_an_identity_is_needed_in_any_case(dataflow: Dataflow) -> None:
    (problem,) = problems_of_columns(Columns(ALL[2:]), dataflow, allow_missing=True)
    assert problem.startswith("no column of a mapped identity: ")
    assert problem.endswith("expected identityMap.Email or identityMap.CRM")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["identityMap.email"], "meant perhaps: identityMap.email for identityMap.Email; "),
        (
            ["identityMap.Email", f"{UPS}B", "person.name.firstname"],
            f"meant perhaps: {UPS}B for {UPS}b, person.name.firstname for person.name.firstName; ",
        ),
        (["identityMap.Email", f"{UPS}quite.another"], f"found identityMap.Email, {UPS}quite.a"),
        (["identityMap.Email", "dave@example.com"], "found identityMap.Email, ***; expected"),
        (["identityMap.Email", *map(str, range(30))], "18, and 11 more; "),
        ([], "found none; "),
    ],
)
def test_a_refusal_names_what_is_there_and_what_is_nearly_right(
    dataflow: Dataflow, header: list[str], said: str
) -> None:
    (problem,) = problems_of_columns(Columns(header), dataflow)
    assert said.replace("18, and", "18 and") in problem
    assert ("meant perhaps" in problem) is ("meant perhaps" in said)


def test_rows_are_read_ahead_until_all_was_seen(dataflow: Dataflow) -> None:
    full = member(a="exited", b="realized") | {
        "identityMap": {"Email": [], "CRM": []},
        "person": {"name": {"firstName": ""}},
    }

    def first_only() -> Iterable[Any]:
        yield NOTHING_YET
        yield BrokenRow("p.jsonl", 1, "not JSON")
        yield from rows(full)
        raise AssertionError

    found = coverage_of(first_only(), dataflow)
    assert (found.profiles, found.unnamed, found.absent) == (1, (), ())


@pytest.mark.parametrize(
    ("profiles", "members", "problem"),
    [
        ([], {"a", "b"}, None),
        ([{}, {"segmentMembership": {"aam": {}}}], set(), "no profile has segmentMembership.ups"),
        ([{"identityMap": {}}], {"a"}, None),
        ([member()], set(), None),
        ([member(), member(b="realized")], {"b"}, None),
        ([member(b="realized"), {}], {"a"}, "no profile names the audience a, whose members"),
        ([member()], {"b", "a"}, "no profile names the audience a, b, whose members"),
    ],
)
def test_a_source_that_cannot_know_an_audience_is_refused(
    dataflow: Dataflow, profiles: list[Any], members: set[str], problem: str | None
) -> None:
    known = [{"identityMap": {"Email": [{"id": "a"}]}} | profile for profile in profiles]
    found = list(coverage_of(rows(*known), dataflow).problems(frozenset(members)))
    assert len(found) == (problem is not None)
    for text in found:
        assert text.startswith(problem or "")
        assert "or --allow-missing-columns: " in text


def test_of_a_damaged_source_nobody_knows_what_it_lacks(dataflow: Dataflow) -> None:
    profiles = [*rows({"identityMap": {"Email": []}}), UnreadRows("p.jsonl", 2, "damaged")]
    found = coverage_of(profiles, dataflow)
    assert not [*found.problems(frozenset({"a"})), *found.warnings()]
    assert found.unnamed == ("a", "b")


def test_without_audiences_no_membership_is_needed(raw: dict[str, Any]) -> None:
    dataflow = Dataflow.from_mapping(raw | {"audiences": []})
    profiles = rows({"identityMap": {"Email": []}})
    assert not list(coverage_of(profiles, dataflow).problems(frozenset()))


def test_a_mapped_field_that_no_profile_has_gets_a_warning(
    dataflow: Dataflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles = rows(*[member(a="realized", b="realized") | {"identityMap": {"Email": []}}] * 3)
    expected = ["no profile has the mapped 'identityMap.CRM'"]
    expected += ["no profile has the mapped 'person.name.firstName'"]
    assert list(coverage_of(profiles, dataflow).warnings()) == expected
    monkeypatch.setattr(coverage, "PROFILES_READ_AHEAD", 2)
    first = coverage_of(profiles, dataflow)
    assert first.profiles == 2
    assert "no profile of the first 2 has the mapped 'identityMap.CRM'" in first.warnings()
    assert list(coverage_of([], dataflow).warnings()) == []


def test_an_audience_that_was_not_named_yet_is_not_known(dataflow: Dataflow) -> None:
    profiles = [member(), {}, member(b="realized"), member(), member(a="exited"), member()]
    told = list(with_known_audiences([NOTHING_YET, *rows(*profiles)], ("a", "b"), dataflow))
    known = [row.known_audiences for row in told if isinstance(row, ProfileRow)]
    assert known == [set(), None, {"b"}, {"b"}, None, None]
    assert told[0] is NOTHING_YET


def test_profiles_that_name_no_mapped_audience_are_warned_of_by_those_that_they_name(dataflow):
    found = coverage_of(rows(member(A="realized"), member(c="exited", d="exited", e="x")), dataflow)
    assert (
        next(found.warnings()) == "no profile names a mapped audience: found A, c, d; expected a, b"
    )
    named = coverage_of(rows(member(A="realized"), member(b="exited")), dataflow)
    assert not any("audience" in sentence for sentence in named.warnings())


def test_where_nothing_is_mapped_no_audience_is_missed(dataflow):
    unmapped = Dataflow.from_mapping({**dataflow.to_mapping(), "audiences": []})
    assert not coverage_of(rows(member(A="realized")), unmapped).others
