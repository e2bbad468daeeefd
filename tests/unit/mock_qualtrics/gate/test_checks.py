"""The gate's checks, one by one and in their order, on plain values."""

import base64
from dataclasses import dataclass, field

import pytest

from contracts.secret import Secret
from mock_qualtrics.gate import attribution, checks
from mock_qualtrics.gate.attribution import TriggerKey, TriggerTarget
from mock_qualtrics.gate.checks import Admitted, Question
from mock_qualtrics.gate.rate_window import SlidingWindow, Window
from mock_qualtrics.model import Call
from mock_qualtrics.settings import Answers, Limits

USERNAME = "dave@example.com#brand"
TOKEN = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
OTHER_TOKEN = "ANOTHERPLACEHOLDERTOKENANOTHERPLACEHOLDE"
QUERY = "urlTokenId=known"
JSON = ("content-type", "application/json")


@dataclass
class Tenant:
    username: str = USERNAME
    api_token: Secret = field(default_factory=lambda: Secret(TOKEN))
    answers: Answers = field(default_factory=Answers)
    limits: Limits = field(default_factory=lambda: Limits(payload_bytes=20))
    window: Window = field(default_factory=lambda: SlidingWindow(1))


@dataclass
class Workflow:
    require_authentication: bool = True
    enabled: bool = True
    draft: bool = False


class TenantRegistry:
    def __init__(self, tenant=None, workflow=None) -> None:
        self.tenant, self.workflow = tenant or Tenant(), workflow or Workflow()

    revision = 0

    def resolve(self, query):
        known = attribution.trigger_key(query) == TriggerKey("known")
        found = (self.tenant, self.workflow) if known else (None, None)
        return TriggerTarget(*found, self.revision)

    def by_token(self, token):
        return self.tenant if token == TOKEN else None


def basic(username=USERNAME, token=TOKEN, scheme="Basic"):
    encoded = base64.b64encode(f"{username}:{token}".encode()).decode()
    return ("authorization", f"{scheme} {encoded}")


def a_call(
    *headers: tuple[str, str], body=b"{}", method="POST", path=attribution.TRIGGER_PATH, query=QUERY
):
    return Call(method, path, query, headers, body)


def judged(call, tenants=None, answers=None, calls_per_minute=None):
    found = attribution.attribute(call, tenants or TenantRegistry())
    return checks.judge(Question(call, found, 0, answers or Answers(), calls_per_minute))


GOOD_TOKEN = ("x-api-token", TOKEN)


@pytest.mark.parametrize(
    "headers",
    [
        [GOOD_TOKEN],
        [basic()],
        [basic(scheme="BASIC")],
        [GOOD_TOKEN, basic()],
        [("x-api-token", f" {TOKEN} ")],
        [("x-api-token", ""), basic()],
    ],
)
def test_both_ways_to_authenticate_are_let_in(headers):
    assert judged(a_call(*headers, JSON)) == Admitted()


DRAFT = Workflow(enabled=False, draft=True)
DISABLED = Workflow(enabled=False)


@pytest.mark.parametrize(
    ("workflow", "answers", "found"),
    [
        (DRAFT, Answers(), ("workflow-draft", 404)),
        (DRAFT, Answers(unknown_trigger_status=400), ("workflow-draft", 400)),
        (DRAFT, Answers(disabled_status=202), ("workflow-draft", 404)),
        (DISABLED, Answers(), ("workflow-disabled", 404)),
        (DISABLED, Answers(disabled_status=403), ("workflow-disabled", 403)),
        (DISABLED, Answers(disabled_status=202), ("no-credential", 400)),
    ],
)
def test_a_workflow_that_is_not_enabled_is_refused_before_the_credential(workflow, answers, found):
    refusal = judged(a_call(JSON), TenantRegistry(workflow=workflow), answers)
    assert (refusal.reason, refusal.status) == found


@pytest.mark.parametrize(
    ("headers", "reason", "status", "code"),
    [
        ([], "no-credential", 400, "ATP_2"),
        ([("x-api-token", "")], "no-credential", 400, "ATP_2"),
        ([("x-api-token", OTHER_TOKEN)], "wrong-credential", 401, "DCD_7"),
        ([("x-api-token", "\u00e9\u20ac")], "wrong-credential", 401, "DCD_7"),
        ([basic(token=OTHER_TOKEN)], "wrong-credential", 401, "DCD_7"),
        ([basic(username="eve")], "wrong-credential", 401, "DCD_7"),
        ([GOOD_TOKEN, basic(token=OTHER_TOKEN)], "wrong-credential", 401, "DCD_7"),
        ([basic(), ("x-api-token", OTHER_TOKEN)], "wrong-credential", 401, "DCD_7"),
        ([("authorization", "Basic !!!")], "malformed-credential", 401, "DCD_7"),
        ([("authorization", "Basic")], "malformed-credential", 401, "DCD_7"),
        ([("authorization", "Basic bm9jb2xvbg==")], "malformed-credential", 401, "DCD_7"),
        ([("authorization", "Basic /////w==")], "malformed-credential", 401, "DCD_7"),
        ([("authorization", f"Bearer {TOKEN}")], "unsupported-credential", 401, "DCD_7"),
        ([GOOD_TOKEN, ("authorization", "Bearer x")], "unsupported-credential", 401, "DCD_7"),
    ],
)
def test_every_other_credential_is_refused(headers, reason, status, code):
    refusal = judged(a_call(*headers, JSON))
    assert (refusal.reason, refusal.status, refusal.error_code) == (reason, status, code)
    assert OTHER_TOKEN not in repr(refusal)


@pytest.mark.parametrize("headers", [[], [("x-api-token", OTHER_TOKEN)]])
def test_a_trigger_whose_switch_is_off_asks_for_no_credential(headers):
    tenants = TenantRegistry(workflow=Workflow(require_authentication=False))
    assert judged(a_call(*headers, JSON), tenants) == Admitted()


@pytest.mark.parametrize(
    ("change", "reason", "status"),
    [
        ({"path": "/inbound-event/v1/events/xml/triggers"}, "unknown-path", 404),
        ({"method": "GET"}, "method", 405),
        ({"query": "urlTokenId=unknown"}, "unknown-trigger", 404),
        ({"query": ""}, "unknown-trigger", 404),
        ({"body": b'{"a": "' + b"x" * 20 + b'"}'}, "payload-too-large", 413),
        ({"body": b"{"}, "not-json", 400),
        ({"body": b""}, "not-json", 400),
        ({"body": b"1"}, "not-an-object", 400),
        ({"body": b"[]"}, "not-an-object", 400),
    ],
)
def test_what_is_wrong_with_a_call_is_its_reason(change, reason, status):
    refusal = judged(a_call(GOOD_TOKEN, JSON, **change))
    assert (refusal.reason, refusal.status) == (reason, status)


def test_upper_case_json_in_the_path_is_the_same_trigger():
    assert judged(a_call(GOOD_TOKEN, JSON, path=attribution.TRIGGER_PATHS[1])) == Admitted()


def test_the_payload_limit_is_exact():
    exactly = b'{"a":"' + b"x" * 12 + b'"}'
    assert len(exactly) == 20
    assert isinstance(judged(a_call(GOOD_TOKEN, JSON, body=exactly)), Admitted)
    assert judged(a_call(GOOD_TOKEN, JSON, body=exactly + b" ")).reason == "payload-too-large"


@pytest.mark.parametrize(
    ("content_type", "taken"),
    [
        ("application/json", True),
        ("Application/JSON; charset=UTF-8", True),
        ('application/json; charset="utf-8"', True),
        ("application/vnd.adobe+json", True),
        ("application/json; charset=utf-16", False),
        ("text/json", False),
        ("application/xml", False),
        ("application/x-www-form-urlencoded", False),
    ],
)
def test_only_json_in_utf_8_is_a_media_type_that_is_taken(content_type, taken):
    verdict = judged(a_call(GOOD_TOKEN, ("content-type", content_type)))
    assert isinstance(verdict, Admitted) == taken
    assert taken or (verdict.reason, verdict.status) == ("media-type", 415)


@pytest.mark.parametrize("more", [[], [("content-type", "")], [("content-type", "  ")]])
def test_whether_a_missing_media_type_is_taken_can_be_set(more):
    call = a_call(GOOD_TOKEN, *more)
    assert judged(call) == Admitted()
    verdict = judged(call, answers=Answers(missing_content_type_taken=False))
    assert (verdict.reason, verdict.status) == ("media-type", 415)


@pytest.mark.parametrize(
    ("value", "taken"), [("identity", True), ("gzip", False), ("br", False), ("", True)]
)
def test_a_content_encoding_is_not_taken(value, taken):
    verdict = judged(a_call(GOOD_TOKEN, JSON, ("content-encoding", value)))
    assert isinstance(verdict, Admitted) == taken
    assert taken or (verdict.reason, verdict.status) == ("content-encoding", 415)


def test_an_admitted_call_is_counted_against_the_minute_once():
    tenants = TenantRegistry()
    assert judged(a_call(GOOD_TOKEN, JSON), tenants) == Admitted()
    refusal = judged(a_call(GOOD_TOKEN, JSON), tenants)
    assert (refusal.reason, refusal.status, refusal.headers) == ("rate-limit", 429, ())


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        ((JSON,), b"{}", "no-credential"),
        ((GOOD_TOKEN, JSON), b"x" * 21, "payload-too-large"),
        ((GOOD_TOKEN, JSON, ("content-encoding", "gzip")), b"{}", "content-encoding"),
        ((GOOD_TOKEN, ("content-type", "text/xml")), b"{}", "media-type"),
        ((GOOD_TOKEN, JSON), b"{", "not-json"),
        ((GOOD_TOKEN, JSON), b"[]", "not-an-object"),
    ],
)
def test_a_refused_call_is_not_counted_whatever_check_refuses_it(headers, body, reason):
    tenants = TenantRegistry()
    assert judged(a_call(*headers, body=body), tenants).reason == reason
    assert judged(a_call(GOOD_TOKEN, JSON), tenants) == Admitted()


def test_retry_after_can_be_switched_on():
    tenants = TenantRegistry()
    tenants.tenant.window.take(0)
    refusal = judged(a_call(GOOD_TOKEN, JSON), tenants, Answers(retry_after=True))
    assert refusal.headers == (("retry-after", "60"),)


def test_a_lower_limit_may_be_in_force():
    assert judged(a_call(GOOD_TOKEN, JSON), calls_per_minute=0).reason == "rate-limit"


def test_the_checks_have_one_order():
    tenants = TenantRegistry()
    tenants.tenant.window.take(0)
    wrong = {"body": b"x" * 30, "method": "PUT", "query": "urlTokenId=unknown", "path": "/nowhere"}
    headers = [("content-encoding", "gzip"), ("content-type", "text/plain")]
    mend = [
        ("unknown-path", lambda: wrong.pop("path")),
        ("method", lambda: wrong.pop("method")),
        ("unknown-trigger", lambda: wrong.pop("query")),
        ("no-credential", lambda: headers.append(GOOD_TOKEN)),
        ("rate-limit", lambda: setattr(tenants.tenant, "window", SlidingWindow(1))),
        ("payload-too-large", lambda: wrong.update(body=b"x")),
        ("content-encoding", lambda: headers.pop(0)),
        ("media-type", lambda: headers.insert(0, JSON)),
        ("not-json", lambda: wrong.pop("body")),
    ]
    for reason, mended in mend:
        assert judged(a_call(*headers, **wrong), tenants).reason == reason
        mended()
    assert judged(a_call(JSON, GOOD_TOKEN), tenants) == Admitted()


def test_a_repeated_key_is_admitted_and_noted():
    assert judged(a_call(GOOD_TOKEN, JSON, body=b'{"a":1,"a":2}')) == Admitted(duplicate_keys=True)


@pytest.mark.parametrize(
    ("name", "change", "status"),
    [
        ("unknown_trigger_status", {"query": "urlTokenId=unknown"}, 400),
        ("too_large_status", {"body": b" " * 21}, 400),
        ("invalid_json_status", {"body": b"{"}, 422),
    ],
)
def test_every_assumed_status_can_be_set(name, change, status):
    refusal = judged(a_call(GOOD_TOKEN, JSON, **change), answers=Answers(**{name: status}))
    assert refusal.status == status


def refused_by(check, call):
    found = attribution.attribute(call, TenantRegistry())
    return check(Question(call, found, 0, Answers()))


@pytest.mark.parametrize(
    ("path", "method", "expected"),
    [
        (attribution.TRIGGER_PATH, "GET", "POST"),
        (checks.WHOAMI_PATH, "POST", "GET"),
        (checks.WHOAMI_PATH, "HEAD", "GET"),
    ],
)
def test_another_method_is_refused_with_the_one_that_is_taken(path, method, expected):
    refusal = refused_by(checks.wrong_method, a_call(GOOD_TOKEN, JSON, method=method, path=path))
    assert refusal.message == f"This resource accepts {expected} only."
    assert refusal.headers == (("allow", expected),)
    taken = a_call(GOOD_TOKEN, JSON, method=expected, path=path)
    assert refused_by(checks.wrong_method, taken) is None


def test_the_wait_that_is_told_goes_by_a_lower_limit():
    tenant = Tenant(window=SlidingWindow(5))
    for second in range(3):
        tenant.window.take(-second * 1_000_000)
    answers = Answers(retry_after=True)
    found = judged(a_call(GOOD_TOKEN, JSON), TenantRegistry(tenant), answers, calls_per_minute=1)
    assert found.headers == (("retry-after", "60"),)


@pytest.mark.parametrize(
    ("check", "call", "message"),
    [
        (checks.size, a_call(body=b"x" * 21), "The payload has more than 20 bytes."),
        (
            checks.size,
            a_call(body=b"x" * (Limits().payload_bytes + 1), query="urlTokenId=other"),
            f"The payload has more than {Limits().payload_bytes} bytes.",
        ),
        (
            checks.encoding,
            a_call(("content-encoding", "gzip")),
            "A Content-Encoding is not accepted.",
        ),
        (
            checks.media_type,
            a_call(("content-type", "text/plain")),
            "Expected Content-Type application/json.",
        ),
        (
            checks.unknown_trigger,
            a_call(query="urlTokenId=other"),
            "No workflow is associated with the token in this URL.",
        ),
        (checks.unknown_path, a_call(path="/x"), "The requested resource does not exist."),
    ],
)
def test_a_refusal_says_what_is_wrong(check, call, message):
    assert refused_by(check, call).message == message


@pytest.mark.parametrize("status", [400, 422])
def test_a_body_that_is_no_object_says_so_with_the_status_that_is_assumed(status):
    answers = Answers(not_an_object_status=status, invalid_json_status=status + 1)
    said = judged(a_call(GOOD_TOKEN, JSON, body=b"[]"), answers=answers)
    assert (said.reason, said.status) == ("not-an-object", status)
    assert said.message == "The body must be a JSON object."
    broken = judged(a_call(GOOD_TOKEN, JSON, body=b"{"), answers=answers)
    assert (broken.reason, broken.status) == ("not-json", status + 1)
    assert broken.message.startswith("The body is not valid JSON: ")
