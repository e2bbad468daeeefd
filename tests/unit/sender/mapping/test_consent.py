"""What counts as withdrawn consent: everything that is not clearly granted."""

from types import MappingProxyType
from typing import Any

import pytest

from sender.dataflow import ConsentRules
from sender.mapping.consent import Consent

IDS = {"Email": [{"id": "a@example.com"}, {"id": "B@example.com"}], "CRM": [{"id": "7"}]}
DEFAULT = Consent(ConsentRules())


def at(path: str, value: object) -> dict[str, Any]:
    """Return a profile with one value."""
    for name in reversed(path.split(".")):
        value = {name: value}
    assert isinstance(value, dict)
    return value


def of_id(namespace: str, id_: str, value: object = "n") -> dict[str, Any]:
    return {"consents": {"idSpecific": {namespace: {id_: at("marketing.email.val", value)}}}}


@pytest.mark.parametrize("value", ["y", "dy", "LI", "CT", "CP", "VI", "PI", None])
@pytest.mark.parametrize("path", ConsentRules().paths)
def test_what_is_granted_or_not_set_is_not_withdrawn(path: str, value: str | None) -> None:
    assert not DEFAULT.is_withdrawn(at(path, value), IDS)


@pytest.mark.parametrize(
    "value",
    ["n", "dn", "p", "u", "N", "Y", "DN", "li", "", " y", "perhaps", True, False, 0, 1, [], {}],
)
def test_what_is_not_clearly_granted_is_withdrawn(value: object) -> None:
    assert DEFAULT.is_withdrawn(at("consents.marketing.any.val", value))


@pytest.mark.parametrize("path", ConsentRules().paths)
@pytest.mark.parametrize("others", ["y", None])
def test_each_consent_that_counts_can_withdraw(path: str, others: str | None) -> None:
    profile: dict[str, Any] = {
        "consents": {
            "collect": {"val": others},
            "share": {"val": others},
            "marketing": {"any": {"val": others}, "email": {"val": others}},
        }
    }
    assert not DEFAULT.is_withdrawn(profile)
    *parents, leaf = path.split(".")
    node = profile
    for name in parents:
        node = node[name]
    node[leaf] = "n"
    assert DEFAULT.is_withdrawn(profile)


@pytest.mark.parametrize(
    ("path", "value", "is_withdrawn"),
    [
        ("consents", "n", True),
        ("consents", [], True),
        ("consents", {}, False),
        ("consents.marketing", "y", True),
        ("consents.marketing", {}, False),
        ("consents.marketing.any", "n", True),
        ("consents.marketing.any", None, False),
        ("consents.marketing.preferred", "sms", False),
        ("consents.marketing.sms.val", "n", False),
        ("consents.marketing.email.subscriptions.daily.val", "n", False),
        ("consents.personalize.content.val", "n", False),
        ("consents.metadata.time", "2026-01-01T00:00:00Z", False),
        ("consents.idSpecific", "n", True),
        ("consents.idSpecific.Email", ["a@example.com"], True),
        ("consents.idSpecific.Email", None, False),
        ("consents.idSpecific.Phone", "n", False),
    ],
)
def test_where_no_consent_can_be_read_it_is_withdrawn(
    path: str, value: object, is_withdrawn: bool
) -> None:
    assert DEFAULT.is_withdrawn(at(path, value), IDS) is is_withdrawn


@pytest.mark.parametrize(
    ("profile", "is_withdrawn"),
    [
        (of_id("Email", "a@example.com"), True),
        (of_id("email", "A@EXAMPLE.COM"), True),
        (of_id("EMAIL", " b@example.com"), True),
        (of_id("CRM", "7"), True),
        (of_id("Email", "a@example.com", "y"), False),
        (of_id("Email", "a@example.com", None), False),
        (of_id("Email", "c@example.com"), False),
        (of_id("ECID", "7"), False),
        ({"consents": {"idSpecific": {"CRM": {7: at("share.val", "n")}}}}, True),
        ({"consents": {"idSpecific": {"CRM": {"7": "n"}}}}, True),
        ({"consents": {"idSpecific": {"CRM": {"7": None}}}}, False),
        ({"consents": {"idSpecific": {"CRM": {"7": at("marketing.push.val", "n")}}}}, False),
    ],
)
def test_a_consent_of_one_exported_identity_counts_for_the_profile(
    profile: dict[str, Any], is_withdrawn: bool
) -> None:
    assert DEFAULT.is_withdrawn(profile, IDS) is is_withdrawn
    without_ids = Consent(ConsentRules(id_specific=False))
    assert not without_ids.is_withdrawn(profile, IDS)


def test_other_values_and_other_places_can_be_set() -> None:
    path = "_tenant.mayBeAsked"
    consent = Consent(ConsentRules(granted=("yes",), paths=(path,)))
    assert consent.is_withdrawn(at(path, "y"))
    assert not consent.is_withdrawn(at(path, "yes"))
    assert not consent.is_withdrawn(at("consents.marketing.any.val", "n"))
    assert not consent.is_withdrawn(of_id("Email", "a@example.com"), IDS)
    assert not Consent(ConsentRules(paths=())).is_withdrawn(of_id("Email", "a@example.com"), IDS)


def test_of_an_identity_only_what_counts_below_consents_is_asked() -> None:
    elsewhere = Consent(ConsentRules(paths=("_tenant.marketing.email.val",)))
    assert not elsewhere.is_withdrawn(of_id("Email", "a@example.com"), IDS)
    shortest = Consent(ConsentRules(paths=("consents.val",)))
    told = {"consents": {"idSpecific": {"CRM": {"7": {"val": "n"}}}}}
    assert shortest.is_withdrawn(told, IDS)


@pytest.mark.parametrize("value", ["y", "n"])
def test_any_mapping_can_hold_consents(value: str) -> None:
    consents = MappingProxyType({"marketing": MappingProxyType({"any": {"val": value}})})
    assert DEFAULT.is_withdrawn({"consents": consents}) is (value == "n")
