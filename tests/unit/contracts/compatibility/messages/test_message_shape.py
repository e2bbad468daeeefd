"""The shape of all messages: what is always there, what may lack, and what never comes."""

from typing import Any

import pytest

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES
from contracts.compatibility.messages.mapped_dataflow import Audience, MappedDataflow
from contracts.compatibility.messages.message_shape import message_shape, without_audiences
from contracts.compatibility.paths.selection import selected
from contracts.compatibility.shape import Array, Object, described

EMAIL, ECID = {"source": "Email", "target": "email"}, {"source": "ECID", "target": "external_id"}
WORK = {"source": "Work", "target": "email"}
SURE = {"always_present": True}
UPS = "$.segmentMembership.ups"


def flow(**raw: Any) -> MappedDataflow:  # noqa: ANN401  a dataflow's keys
    return MappedDataflow.from_mapping({"identities": [EMAIL], **raw})


def attribute(target: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401  its keys
    return {"source": target, "target": target, **other}


ATTRIBUTES = {
    "attributes": [
        attribute("a.b", **SURE),
        attribute("a.c"),
        attribute("d.e.f"),
        attribute("g.h"),
        attribute("g.i"),
        attribute("j", **SURE),
    ]
}


@pytest.mark.parametrize(
    ("raw", "certain"),
    [
        (
            ATTRIBUTES,
            {
                "$.a": ALWAYS,
                "$.a.b": ALWAYS,
                "$.a.c": SOMETIMES,
                "$.a.*": ALWAYS,
                "$.d": SOMETIMES,
                "$.d.e.f": SOMETIMES,
                "$.g": SOMETIMES,
                "$.g.h": SOMETIMES,
                "$.j": ALWAYS,
                "$.k": NEVER,
                "$.segmentMembership": NEVER,
                "$.identityMap": ALWAYS,
                "$.identityMap.Email[0].id": ALWAYS,
                "$.identityMap.Email[1].id": SOMETIMES,
                "$.identityMap.email": NEVER,
                "$.identityMap.*[0].id": ALWAYS,
            },
        ),
        (
            {"identities": [EMAIL, ECID], "audiences": [{"id": "a"}]},
            {
                "$.identityMap.Email": SOMETIMES,
                "$.identityMap.ECID[0].id": SOMETIMES,
                "$.identityMap.external_id": NEVER,
                "$.identityMap.*": ALWAYS,
                "$.identityMap.*[0].id": ALWAYS,
                "$.segmentMembership": SOMETIMES,
                f"{UPS}.a.status": SOMETIMES,
                f"{UPS}.a.lastQualificationTime": SOMETIMES,
                f"{UPS}.b": NEVER,
            },
        ),
        (
            {"identities": [EMAIL, WORK], "identity_map_keys": "target"},
            {"$.identityMap.email[0].id": ALWAYS, "$.identityMap.Work": NEVER},
        ),
    ],
)
def test_what_is_in_the_messages_is_as_certain_as_the_dataflow_says(
    raw: dict[str, Any], certain: dict[str, str]
):
    shape = message_shape(flow(**raw))
    assert {path: selected(path, shape) for path in certain} == certain
    assert shape.never_empty


def members(shape: object, *names: str) -> Object:
    for name in names:
        assert isinstance(shape, Object)
        shape = shape.members[name].shape
    assert isinstance(shape, Object)
    return shape


def test_where_audiences_are_mapped_each_membership_is_there_or_another_one():
    shape = message_shape(flow(audiences=[{"id": "a"}]))
    one, one_why = members(shape, "segmentMembership"), shape.members["segmentMembership"].why
    assert (one.never_empty, one.members["ups"].presence) == (True, ALWAYS)
    ups = members(one, "ups")
    assert (ups.never_empty, ups.members["a"].presence) == (True, ALWAYS)
    assert members(ups, "a").never_empty
    assert one_why is not None
    assert (one_why.code, "an update" in one_why.text) == ("membership", True)
    assert ups.members["a"].why is None
    two = members(
        message_shape(flow(audiences=[{"id": "a"}, {"id": "b"}])), "segmentMembership", "ups"
    )
    assert {name: member.presence for name, member in two.members.items()} == {
        "a": SOMETIMES,
        "b": SOMETIMES,
    }
    whys = {member.why for member in two.members.values()}
    assert [(why.code, "another" in why.text) for why in whys if why] == [("membership", True)]


def test_without_audiences_there_is_no_membership_and_it_is_said_why():
    member = without_audiences()
    assert (member.presence, members(member.shape, "ups").members) == (NEVER, {})
    assert member.why is not None
    assert (member.why.code, "no audience" in member.why.text) == ("unmapped", True)


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        (["a"], None, ""),
        (["a", "b"], None, ""),
        (["a", "c"], "optional", "may lack a.c"),
        (["d"], "optional", "may lack d.e.f"),
        (["d", "e"], "optional", "may lack d.e.f"),
        (["g"], "optional", "no attribute in g"),
        (["identityMap", "Email"], None, ""),
        (["identityMap", "email"], "identity-key", "Email"),
    ],
)
def test_what_may_lack_says_why(path: list[str], code: str | None, words: str):
    *parents, name = path
    why = members(message_shape(flow(**ATTRIBUTES)), *parents).members[name].why
    assert (why.code if why else None) == code
    assert why is None or words in why.text


def test_the_other_keys_of_the_identity_map_are_named_in_their_order():
    by_source = members(message_shape(flow(identities=[ECID, EMAIL, WORK])), "identityMap")
    assert list(by_source.members) == ["email", "external_id", "ECID", "Email", "Work"]
    assert by_source.never_empty
    why = by_source.members["ECID"].why
    assert why is not None
    assert (why.code, "of ECID, Email, Work" in why.text) == ("one-of-several", True)
    never = by_source.members["email"].shape
    assert isinstance(never, Array)
    assert [presence for _, presence in never.items()] == [ALWAYS, SOMETIMES]
    assert {described(item) for item, _ in never.items()} == {"an object"}
    other = by_source.members["email"].why
    assert other is not None
    assert "only ECID, Email, Work: its keys are namespaces" in other.text
    assert '"source"' in other.text
    raw = {"identities": [ECID, EMAIL], "identity_map_keys": "target"}
    by_target = members(message_shape(flow(**raw)), "identityMap").members["Email"].why
    assert by_target is not None
    assert "only external_id, email: its keys are targets" in by_target.text
    assert '"target"' in by_target.text


def test_a_value_is_described_as_what_it_is():
    shape = message_shape(flow(**ATTRIBUTES, audiences=[{"id": "x"}]))
    ids = members(shape, "identityMap").members["Email"].shape
    membership = members(shape, "segmentMembership", "ups", "x").members
    assert described(shape) == "an object"
    assert described(ids) == "a list"
    assert described(shape.members["j"].shape) == "the attribute j, a plain value"
    assert described(members(shape, "a").members["c"].shape) == "the attribute a.c, a plain value"
    assert "realized or exited" in described(membership["status"].shape)
    assert "an instant" in described(membership["lastQualificationTime"].shape)


@pytest.mark.parametrize(
    ("audiences", "lasting"),
    [
        ([], set()),
        ([{"id": "a"}], {"a"}),
        ([{"id": "a"}, {"id": "b", "start_date": "2026-01-01"}], {"a"}),
        ([{"id": "a"}, {"id": "b", "end_date": "2026-01-01"}], {"a"}),
        ([{"id": "a", "start_date": "2026-01-01"}], {"a"}),
        (
            [
                {"id": "a", "start_date": "2026-01-01", "end_date": "2026-03-01"},
                {"id": "b", "start_date": "2026-01-01", "end_date": "2026-03-01"},
                {"id": "c", "start_date": "2026-01-01", "end_date": "2026-02-01"},
                {"id": "d", "start_date": "2026-02-01", "end_date": "2026-03-01"},
            ],
            {"a", "b"},
        ),
        (
            [{"id": "a", "end_date": "2026-02-01"}, {"id": "b", "start_date": "2026-02-01"}],
            set(),
        ),
    ],
)
def test_a_lasting_audience_is_exported_whenever_any_is(
    audiences: list[dict[str, str]], lasting: set[str]
):
    assert flow(audiences=audiences).lasting_audiences() == lasting


def test_a_dataflow_has_the_defaults_of_its_schema():
    bare = flow()
    assert (bare.attributes, bare.audiences, bare.by_target) == ((), (), False)
    assert bare.granted == ("y", "dy", "LI", "CT", "CP", "VI", "PI")
    assert bare.consent_paths[0] == "consents.collect.val"
    full = flow(
        attributes=[attribute("a"), attribute("b", **SURE)],
        audiences=[{"id": "a", "start_date": "2026-01-01", "end_date": "2026-02-01"}, {"id": "b"}],
        identity_map_keys="target",
        consent={"granted": ["y"], "paths": ["consents.x"]},
    )
    assert full.attributes == (("a", "a", False), ("b", "b", True))
    assert full.audiences[0] == Audience("a", "2026-01-01", "2026-02-01")
    assert full.audiences[1].covers(full.audiences[0])
    assert not full.audiences[0].covers(full.audiences[1])
    assert (full.by_target, full.granted, full.consent_paths) == (True, ("y",), ("consents.x",))
    assert [full.key_of(identity) for identity in full.identities] == ["email"]
    assert [bare.key_of(identity) for identity in bare.identities] == ["Email"]
