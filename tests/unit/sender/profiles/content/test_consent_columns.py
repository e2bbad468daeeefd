"""Columns that look like a consent, which nobody would look at."""

import pytest

from sender.dataflow import ConsentRules
from sender.profiles.content.consent_columns import warnings_of_consents


@pytest.mark.parametrize(
    "name",
    [
        "Consents.Marketing.Email.Val",
        "consents.marketing.email.Val",
        "consent.marketing.email.val",
        "xdm:consents.marketing.any.val",
        "email_opt_out",
        "optOut",
        "optInOut._channels.email",
    ],
)
def test_a_consent_by_another_name_is_said(name: str) -> None:
    (warning,) = warnings_of_consents(["_id", name], ConsentRules())
    assert warning.startswith(f"column {name!r} looks like a consent and is not looked at: ")
    assert list(warnings_of_consents([name], ConsentRules(paths=()))) == []
    assert list(warnings_of_consents([name], ConsentRules(paths=(name,)))) == []


@pytest.mark.parametrize(
    "name",
    [
        "consents",
        "consents.marketing",
        "consents.marketing.email.val",
        "consents.marketing.email.time",
        "consents.marketing.sms.val",
        "consents.idSpecific.Email.a@example.com.share.val",
        "consents.metadata.time",
        "person.options",
        "adoption.invoice",
        "optional",
    ],
)
def test_what_is_looked_at_or_left_out_on_purpose_is_not(name: str) -> None:
    assert list(warnings_of_consents([name], ConsentRules())) == []
