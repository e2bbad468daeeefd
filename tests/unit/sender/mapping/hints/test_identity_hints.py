"""What is said of profiles that have no identity to export."""

from decimal import Decimal
from typing import Any

import pytest

from sender.mapping.hints.identity_hints import MOST_HINTS, IdentityHints, identity_hint

LIST = "a list of {'id': text or whole number}"


@pytest.mark.parametrize(
    ("profile", "hint"),
    [
        ({}, "identityMap: missing; expected an object"),
        ({"identityMap": None}, "identityMap: null; expected an object"),
        ({"identityMap": "x"}, "identityMap: a text; expected an object"),
        ({"identityMap": {}}, "identityMap.CRM: missing"),
        (
            {"identityMap": {"crm": [], "dave@example.com": [], "Phone": []}},
            "identityMap.CRM: missing (found crm, Phone)",
        ),
        ({"identityMap": {"CRM": {"id": "x"}}}, f"identityMap.CRM: an object; expected {LIST}"),
        ({"identityMap": {"CRM": 5}}, f"identityMap.CRM: a whole number; expected {LIST}"),
        ({"identityMap": {"CRM": []}}, "identityMap.CRM: an empty list"),
        (
            {"identityMap": {"CRM": ["x"]}},
            "identityMap.CRM: a text in the list, expected {'id': …}",
        ),
    ],
)
def test_what_stands_in_the_place_of_identities_is_named(
    profile: dict[str, Any], hint: str
) -> None:
    assert identity_hint(profile, ["CRM"]) == hint


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("", "an empty text"),
        (1.5, "a floating-point number, which may have lost digits"),
        (Decimal("1.5"), "a decimal with a fraction"),
        (b"x", "binary, which is no text"),
        (True, "a boolean"),
        (None, "null"),
        ([1], "a list"),
        ({}, "an object"),
        (object(), "a object"),
    ],
)
def test_the_kind_of_an_id_is_named_and_never_the_id(value: object, kind: str) -> None:
    assert identity_hint({"identityMap": {"CRM": [{"id": value}]}}, ["CRM"]) == (
        f"identityMap.CRM: {kind}"
    )


def test_each_mapped_namespace_is_told() -> None:
    profile = {"identityMap": {"CRM": [{"id": 1.5}, {"ID": "x"}]}}
    assert identity_hint(profile, ["CRM", "Email"]) == (
        "identityMap.CRM: a floating-point number, which may have lost digits and an entry without "
        "id, identityMap.Email: missing (found CRM)"
    )


def test_hints_are_counted_and_bounded() -> None:
    hints = IdentityHints()
    hints.add("")
    for number in range(MOST_HINTS + 3):
        hints.add(f"kind {number}")
        hints.add("kind 0")
    sentences = list(hints.sentences())
    assert sentences[0] == f"kind 0 ({MOST_HINTS + 4} profiles)"
    assert sentences[1] == "kind 1 (1 profile)"
    assert sentences[-1] == "other things (3 profiles)"
    assert len(sentences) == MOST_HINTS + 1
