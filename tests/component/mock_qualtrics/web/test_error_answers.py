"""What the Flask app answers when something inside fails."""

import pytest

from mock_qualtrics import create_app
from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.settings import Settings


@pytest.fixture
def engine():
    with Engine(Settings()) as made:
        yield made


def test_the_flask_route_answers_the_same_when_nothing_can_be_written(engine, monkeypatch):
    def refuse() -> None:
        raise StoreFailedError("the disk is full")

    tenant = engine.tenants.default
    (workflow,) = tenant.workflows
    headers = {"x-api-token": tenant.api_token.reveal(), "content-type": "application/json"}
    with monkeypatch.context() as patched:
        patched.setattr(engine, "commit", refuse)
        client = create_app(engine=engine).test_client()
        answer = client.post(workflow.urls("")["triggerUrl"], data=b"{}", headers=headers)
    assert answer.status_code == 503
    assert answer.json["meta"]["error"]["errorMessage"] == "The journal cannot be written."


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("$[?@.a==1e999]", "a number in it is out of range"),
        ("$" + "[?@" * 150 + ".a" + "]" * 150, "brackets nested deeper than 30 levels"),
    ],
)
def test_a_path_that_cannot_be_read_is_a_bad_request_wherever_it_is_set(engine, path, reason):
    client = create_app(engine=engine).test_client()
    tenant = engine.tenants.default
    workflow = tenant.workflows[0].id
    fields = {"fields": [{"name": "f", "path": path}]}
    conditions = {"conditions": {"any": [{"all": [{"path": path, "exists": True}]}]}}
    fault = {"kind": "run-failed", "when": {"path": path}}
    base = "/__control/v1"
    answers = [
        client.post(f"{base}/tenants/{tenant.id}/workflows", json={"name": "w", **fields}),
        client.patch(f"{base}/workflows/{workflow}", json=fields),
        client.patch(f"{base}/workflows/{workflow}", json=conditions),
        client.post(f"{base}/tenants/{tenant.id}/faults", json=fault),
    ]
    assert [answer.status_code for answer in answers] == [400] * 4
    assert all(reason in answer.json["violations"][0] for answer in answers)
    assert not any(reason in answer.json["error"] for answer in answers)  # said once


def test_an_error_inside_is_the_envelope_and_no_traceback(engine):
    app = create_app(engine=engine)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail() -> None:
        raise AssertionError("an error inside")

    app.add_url_rule("/__control/v1/fail", view_func=fail, endpoint="fail_control")
    app.add_url_rule("/fail", view_func=fail)
    for path in ("/fail", "/__control/v1/fail"):
        answer = app.test_client().get(path)
        assert answer.status_code == 500
        assert answer.is_json
        assert "an error inside" not in answer.text


@pytest.mark.parametrize("number", ["9" * 5_000, "1e999"])
def test_a_number_that_cannot_be_kept_is_a_bad_request_and_not_a_text(engine, number):
    client = create_app(engine=engine).test_client()
    base = f"/__control/v1/tenants/{engine.tenants.default.id}"
    bodies = [
        ("workflows", f'{{"name": {number}}}'),
        (
            "workflows",
            f'{{"name": "w", "conditions": {{"path": "$.a", "equals": [{number}]}}}}',
        ),
        ("clock/advance", f'{{"seconds": {number}}}'),
    ]
    for path, body in bodies:
        answer = client.post(f"{base}/{path}", data=body, content_type="application/json")
        assert answer.status_code == 400
        assert "a number that is too large" in answer.json["error"]
