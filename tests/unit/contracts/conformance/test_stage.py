"""The URL that a connector gets, and where a redirect leads."""

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.stage import address_for, placed

WORKFLOW = {
    "triggerUrl": "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=a",
    "legacyTriggerUrl": "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?contextId=b",
}
PATH = "http://127.0.0.1:8084/inbound-event/v1/events"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("happy-path", f"{PATH}/json/triggers?urlTokenId=a"),
        ("legacy-url", f"{PATH}/json/triggers?contextId=b"),
        ("url-in-upper-case", f"{PATH}/JSON/triggers?urlTokenId=a"),
        (
            "url-with-more-parameters",
            f"{PATH}/json/triggers?force_isolation=true&urlTokenId=a&source=a%20b",
        ),
        (
            "unknown-workflow",
            f"{PATH}/json/triggers?urlTokenId=00000000-0000-4000-8000-000000000007",
        ),
    ],
)
def test_each_form_of_the_url(name: str, url: str):
    assert address_for(catalogue()[name], WORKFLOW) == url


def test_a_redirect_leads_to_another_name_of_the_same_host():
    (fault,) = catalogue()["redirect-302-to-another-host"].faults
    assert placed(fault, WORKFLOW["triggerUrl"]) == {
        **fault,
        "location": "http://localhost:8084/elsewhere",
    }


def test_other_faults_stay_as_they_are():
    (fault,) = catalogue()["lost-answer"].faults
    assert placed(fault, WORKFLOW["triggerUrl"]) == fault
