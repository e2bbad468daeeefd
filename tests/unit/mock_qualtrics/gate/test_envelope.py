import json

import pytest

from contracts import validate
from mock_qualtrics.gate import envelope
from mock_qualtrics.model import Answer, Refusal

REQUEST_ID = "00000000-0000-4000-8000-000000000000"
INSTANCE_ID = "a16d549a-d82d-4090-a61c-ef0c1b012ae9"
INSTANCE_ID_OF_NO_REQUEST = "61c1b398-0e56-4c6b-95a1-ca24f60c7048"


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


def test_an_acceptance_without_a_result_has_its_meta_only():
    for answer in (envelope.success("R", 202), envelope.accepted("R", 202)):
        assert json.loads(answer.body) == {
            "meta": {"httpStatus": "202 - Accepted", "requestId": "R"}
        }


def test_a_result_has_its_place():
    answer = envelope.success(REQUEST_ID, result={"a": 1})
    assert answer.status == 200
    body = json.loads(answer.body)
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


def test_a_refusal_of_a_known_request_is_whole_and_has_its_own_status_code_and_request():
    refusals = [
        Refusal("any", 400, "No.", "ATP_1"),
        Refusal("any", 400, "No.", "ATP_2"),
        Refusal("any", 404, "No.", "ATP_1", (("x-why", "gone"),)),
    ]
    answers = [envelope.failure(refusal, REQUEST_ID) for refusal in refusals]
    assert [answer.status for answer in answers] == [400, 400, 404]
    assert [json.loads(answer.body)["meta"] for answer in answers] == [
        {
            "httpStatus": phrase,
            "requestId": REQUEST_ID,
            "error": {"errorMessage": "No.", "errorCode": code},
        }
        for phrase, code in [
            ("400 - Bad Request", "ATP_1"),
            ("400 - Bad Request", "ATP_2"),
            ("404 - Not Found", "ATP_1"),
        ]
    ]
    assert answers[2].headers == (*envelope.JSON_HEADERS, ("x-why", "gone"))


def test_a_failure_of_the_service_is_whole_and_its_instance_id_stays_the_same_over_releases():
    answer = envelope.failure(Refusal("any", 500, "No.", "ISE_1"), REQUEST_ID)
    assert json.loads(answer.body) == {
        "meta": {
            "httpStatus": "500 - Internal Server Error",
            "requestId": REQUEST_ID,
            "error": {
                "errorMessage": "No.",
                "errorCode": "ISE_1",
                "instanceId": INSTANCE_ID,
            },
        }
    }


@pytest.mark.parametrize(
    ("answer", "status", "phrase", "message"),
    [
        (envelope.store_failed, 503, "Service Unavailable", "The journal cannot be written."),
        (envelope.broken, 500, "Internal Server Error", "Internal Server Error"),
    ],
)
def test_what_fails_inside_the_mock_is_answered_like_a_failure_of_the_service(
    answer, status, phrase, message
):
    found = answer()
    assert (found.status, found.headers) == (status, envelope.JSON_HEADERS)
    meta = json.loads(found.body)["meta"]
    instance_id = meta["error"].pop("instanceId")
    assert meta == {"httpStatus": f"{status} - {phrase}", "error": {"errorMessage": message}}
    assert instance_id == INSTANCE_ID_OF_NO_REQUEST


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, (("x", "y"), ("content-length", "5")), b"\xc3\xa4 {}"),
        (204, (("x", "y"),), b""),
        (205, (("x", "y"), ("content-length", "0")), b""),
        (304, (("x", "y"),), b""),
    ],
)
def test_what_is_sent_has_a_body_and_its_length_where_the_status_allows_them(status, headers, body):
    answer = Answer(status, b"\xc3\xa4 {}", (("x", "y"),))
    assert envelope.as_sent(answer) == (headers, body)
