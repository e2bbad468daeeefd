import json

import pytest

from contracts import validate
from mock_qualtrics.gate import envelope
from mock_qualtrics.model import Refusal

REQUEST_ID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (200, "200 - OK"),
        (202, "202 - Accepted"),
        (404, "404 - Not Found"),
        (413, "413 - Payload Too Large"),
        (429, "429 - Too Many Requests"),
        (599, "599 - Unknown"),
    ],
)
def test_a_status_is_said_with_its_phrase(status, text):
    assert envelope.http_status(status) == text


@pytest.mark.parametrize("status", [200, 202])
def test_the_template_of_an_acceptance_is_what_encoding_makes(status):
    assert envelope.accepted(REQUEST_ID, status) == envelope.success(REQUEST_ID, status)


def test_a_result_has_its_place():
    body = json.loads(envelope.success(REQUEST_ID, result={"a": 1}).body)
    assert validate(body, "answer-envelope") == []
    assert body["result"] == {"a": 1}


@pytest.mark.parametrize("status", [500, 503, 504])
def test_an_error_of_the_service_has_an_instance_id_which_is_the_same_for_the_same_request(status):
    first, again, other = (
        json.loads(envelope.failure(Refusal("any", status, "No."), request_id).body)["meta"][
            "error"
        ]
        for request_id in (REQUEST_ID, REQUEST_ID, None)
    )
    assert first == again
    assert first["instanceId"] != other["instanceId"]


@pytest.mark.parametrize("status", [400, 404, 429, 502, 505])
def test_other_errors_have_no_instance_id(status):
    answer = envelope.failure(Refusal("any", status, "No."), REQUEST_ID)
    assert json.loads(answer.body)["meta"]["error"] == {"errorMessage": "No."}


def test_a_refusal_carries_its_headers_and_only_the_code_it_has():
    answer = envelope.failure(Refusal("method", 405, "No.", None, (("allow", "POST"),)), None)
    assert ("allow", "POST") in answer.headers
    assert json.loads(answer.body) == {
        "meta": {"httpStatus": "405 - Method Not Allowed", "error": {"errorMessage": "No."}}
    }
