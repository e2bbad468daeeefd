"""A dataflow and a profile that the tests vary."""

from typing import Any

import pytest

URL = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=SECRETTOKENID"


@pytest.fixture
def raw() -> dict[str, Any]:
    return {
        "name": "Post-purchase survey",
        "description": "Ask everyone who bought",
        "url": URL,
        "username": "dave@example.com#brand",
        "attributes": [
            {"source": "person.name.firstName", "target": "person.name.firstName"},
            {"source": "mobilePhone.number", "target": "mobilePhone.number"},
        ],
        "identities": [
            {"source": "Email", "target": "email"},
            {"source": "ECID", "target": "external_id"},
        ],
        "audiences": [
            {"id": "046456e3b-18e1-48a6-9bda-d68547861283"},
            {"id": "007844dd1-9e5d-4531-a4ee-05470doe759dd"},
        ],
    }


@pytest.fixture
def profile() -> dict[str, Any]:
    return {
        "_id": "profile-1",
        "person": {"name": {"firstName": "Dave", "lastName": "Unmapped"}},
        "mobilePhone": {"number": "0123456789"},
        "identityMap": {
            "Email": [{"id": "Email-2Sf6C", "primary": True}],
            "Phone": [{"id": "unmapped"}],
        },
        "segmentMembership": {
            "ups": {
                "046456e3b-18e1-48a6-9bda-d68547861283": {
                    "lastQualificationTime": "2023-09-05T10:43:55.602687Z",
                    "status": "realized",
                },
                "007844dd1-9e5d-4531-a4ee-05470doe759dd": {
                    "lastQualificationTime": "2023-09-05T10:43:55.602689Z",
                    "status": "realized",
                },
                "unmapped": {
                    "lastQualificationTime": "2023-09-05T10:43:55.602689Z",
                    "status": "realized",
                },
            },
            "aam": {"046456e3b-18e1-48a6-9bda-d68547861283": {"status": "exited"}},
        },
    }
