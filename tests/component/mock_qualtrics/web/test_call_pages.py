"""What the pages say of calls that started nothing: why, in words, and what to do."""

import base64
import html
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from mock_qualtrics import Settings, create_app
from mock_qualtrics.engine import Engine
from mock_qualtrics.faults.effects import KINDS
from mock_qualtrics.model import Call
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Workflow
from mock_qualtrics.web.pages import forms
from support.rehearsal import trigger_call

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SCRIPT = "<script>alert(1)</script>"
EVENT = b'{"identityMap": {"Email": [{"id": "dave@example.com"}]}}'


class Stage:
    """An engine, its pages, and who calls its first workflow."""

    def __init__(self) -> None:
        self.engine = Engine(Settings(clock="virtual"))
        self.client: FlaskClient = create_app(engine=self.engine).test_client()
        self.tenant = self.engine.tenants.default

    @property
    def workflow(self) -> Workflow:
        return self.tenant.workflows[0]

    def update(self, **changes: object) -> None:
        self.engine.tenants.update_workflow(self.workflow.id, changes)

    def send(self, body: bytes = EVENT, headers: dict[str, str] | None = None, **changes: object):
        """Make a call like a valid one but for these changes; a header of None is left out."""
        call = trigger_call(self.engine, body)
        merged = {**dict(call.headers), **(headers or {})}
        pairs = tuple((name, value) for name, value in merged.items() if value is not None)
        self.engine.receive(Call(**{**call._asdict(), "headers": pairs, **changes}))
        self.engine.commit()

    def send_to(self, tenant: Tenant, workflow: Workflow) -> None:
        """Make a valid call of another tenant's workflow."""
        query = workflow.urls("")["triggerUrl"].partition("?")[2]
        self.send(headers={"x-api-token": tenant.api_token.reveal()}, query=query)

    def read(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status
        return html.unescape(" ".join(answer.get_data(as_text=True).split()))

    def first(self, path: str = "/refused") -> str:
        """Return the page of the newest call that a list has."""
        return self.read(re.search(r"/calls/[0-9a-f-]{36}", self.read(path))[0])


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.engine.close()


def disabled(stage: Stage) -> None:
    stage.update(enabled=False)
    stage.send()


def draft(stage: Stage) -> None:
    workflow = {"name": "Welcome", "draft": True}
    made = stage.engine.tenants.add_workflow(stage.tenant, workflow)
    stage.send(query=made.urls("")["triggerUrl"].partition("?")[2])


def never_enabled(stage: Stage) -> None:
    draft(stage)
    waiting = next(one for one in stage.tenant.workflows if one.draft)
    stage.engine.tenants.publish_workflow(waiting.id)


def new_token(stage: Stage) -> None:
    old = stage.tenant.api_token.reveal()
    stage.engine.tenants.new_token(stage.tenant.id)
    stage.send(headers={"x-api-token": old})


def right_token_wrong_user(stage: Stage) -> None:
    token = stage.tenant.api_token.reveal()
    value = base64.b64encode(f"nobody:{token}".encode()).decode()
    stage.send(headers={"x-api-token": None, "authorization": f"Basic {value}"})


def wrong_end(stage: Stage) -> None:
    stage.send(query=trigger_call(stage.engine).query[:-1])


CASES: dict[str, tuple[Callable[[Stage], None], str, str]] = {
    "a wrong URL": (wrong_end, "✗ wrong URL", "Did you mean Rehearsal?"),
    "a draft": (draft, "draft", "The workflow is a draft"),
    "a never enabled": (never_enabled, "never enabled", "published but was never enabled"),
    "a disabled one": (disabled, "disabled", "The workflow was disabled"),
    "an empty token": (
        lambda stage: stage.send(headers={"x-api-token": " "}),
        "no token",
        "The header X-API-TOKEN arrived empty.",
    ),
    "no token": (
        lambda stage: stage.send(headers={"x-api-token": None}),
        "no token",
        "neither the header X-API-TOKEN nor HTTP Basic",
    ),
    "a wrong token": (
        lambda stage: stage.send(headers={"x-api-token": "placeholder"}),
        "wrong token",
        "The API token is not this tenant's.",
    ),
    "an old token": (new_token, "wrong token", "It got a new one, which ends the old"),
    "another user": (right_token_wrong_user, "wrong token", "but the username before it"),
    "OAuth": (
        lambda stage: stage.send(headers={"x-api-token": None, "authorization": "Bearer x"}),
        "not Basic",
        "OAuth is refused",
    ),
    "too large": (
        lambda stage: stage.send(b"x" * 102_401, {"content-length": "122880"}),
        "too large",
        "Too large: 120 KB of 100 KB",
    ),
    "too large, chunked": (
        lambda stage: stage.send(b"x" * 102_401),
        "too large",
        "Too large: more than 100 KB",
    ),
    "no JSON": (lambda stage: stage.send(b"{"), "not JSON", "at line 1, column 2"),
    "empty": (lambda stage: stage.send(b""), "not JSON", "The body is empty."),
    "a list": (lambda stage: stage.send(b"[1]"), "not an object", "but not an object"),
    "XML": (
        lambda stage: stage.send(headers={"content-type": "text/xml"}),
        "wrong media type",
        "The Content-Type is text/xml",
    ),
    "gzip": (
        lambda stage: stage.send(headers={"content-encoding": "gzip"}),
        "compressed",
        "the Content-Encoding gzip",
    ),
    "GET": (lambda stage: stage.send(method="GET"), "wrong method", "The method is GET"),
    "a path": (
        lambda stage: stage.send(path="/inbound-event/v1"),
        "wrong path",
        "There is nothing at /inbound-event/v1.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_refusal_is_told_in_words_in_the_list_and_on_its_page(stage, case):
    send, label, said = CASES[case]
    send(stage)
    label = label.removeprefix("✗ ")
    listed, opened = stage.read("/refused"), stage.first()
    assert f">{label}</span>" in listed
    assert said in listed
    assert said in opened
    assert f"<strong>{label[0].upper()}{label[1:]}.</strong>" in opened


def test_a_disabled_workflow_whose_calls_are_ignored_is_listed_too(stage):
    settings = {"clock": "virtual", "assumptions": {"disabledStatus": 202}}
    tenant = stage.engine.tenants.create(settings)
    made = stage.engine.tenants.add_workflow(tenant, {"name": "Old one", "enabled": False})
    stage.send_to(tenant, made)
    shown = stage.read(f"/refused?tenant={tenant.id}")
    assert ">disabled, ignored</span>" in shown
    assert "Enable Old one" in shown


def test_a_fault_says_that_it_was_on_purpose(stage):
    stage.tenant.faults.add({"kind": "status", "status": 503, "when": {"first": 1}})
    stage.send()
    assert KINDS["status"].explanation in stage.read("/refused")


def test_the_minute_limit_is_named(stage):
    tenant = stage.engine.tenants.create({"clock": "virtual", "limits": {"callsPerMinute": 1}})
    made = stage.engine.tenants.add_workflow(tenant, {"name": "Small"})
    for _ in range(2):
        stage.send_to(tenant, made)
    assert "The brand takes 1 call a minute" in stage.read(f"/refused?tenant={tenant.id}")


def form_token(shown: str) -> str:
    return re.search(r'name="form-token" value="([^"]+)"', shown)[1]


def test_the_button_enables_the_workflow_and_the_page_then_says_to_send_again(stage):
    draft(stage)
    shown = stage.first()
    action = re.search(r'action="(/calls/[^"]+/enable)"', shown)[1]
    refused = stage.client.post(action)
    assert refused.status_code == 403
    answer = stage.client.post(action, data={"form-token": form_token(shown)})
    assert answer.status_code == 303
    assert "Welcome is enabled now: send the call again." in stage.read(answer.location)
    assert all(workflow.enabled for workflow in stage.tenant.workflows)
    assert "/enable" not in stage.read(answer.location)


def test_a_call_that_names_no_workflow_enables_none(stage):
    wrong_end(stage)
    address = re.search(r"/calls/[0-9a-f-]{36}", stage.read("/refused"))[0]
    with stage.client.application.app_context():
        data = {forms.FIELD: forms.token()}
    assert stage.client.post(f"{address}/enable", data=data).status_code == 404


def test_calls_that_name_no_tenant_stand_beside_those_of_the_tenant(stage):
    stage.send(b"{")
    stage.send(headers={"x-api-token": None}, query="urlTokenId=0")
    shown = stage.read("/refused")
    own, _, strays = shown.partition('id="strays"')
    assert "not JSON" in own
    assert "wrong URL" in strays
    alone = stage.read("/refused?whose=nobody")
    assert "wrong URL" in alone
    assert ">not JSON</span>" not in alone
    assert "Those of tenant-1" in alone


def test_reasons_are_counted_and_are_filters(stage):
    for _ in range(3):
        stage.send(b"{")
    stage.send(b"[]")
    shown = stage.read("/refused")
    assert "all 4" in shown
    assert shown.index(">not JSON 3</a>") < shown.index(">not an object 1</a>")
    assert stage.read("/refused?reason=not-an-object").count('id="call-') == 1


def test_one_searches_by_trace_id_and_status(stage):
    stage.send(b"{", {"x-trace-id": "t-1"})
    stage.send(b"[]", {"x-trace-id": "t-2"})
    stage.send(headers={"x-trace-id": "t-1"})  # it was accepted
    shown = stage.read("/refused?traceId=t-1&status=400&reason=")
    assert shown.count('id="call-') == 1
    assert "trace t-1" in shown
    assert "No call meets these conditions." in stage.read("/refused?status=503")


def test_the_list_goes_on_page_by_page(stage):
    for _ in range(60):
        stage.send(b"{")
    shown = stage.read("/refused")
    link = re.search(r'rel="next" href="([^"]+)"', shown)[1]
    older = stage.read(link)
    assert (shown.count('id="call-'), older.count('id="call-')) == (50, 10)
    assert "Older calls" not in older


def test_what_was_accepted_or_answered_as_whoami_is_not_among_them(stage):
    stage.send()
    token = {"x-api-token": stage.tenant.api_token.reveal()}
    stage.send(b"", token, method="GET", path="/API/v3/whoami", query="")
    shown = stage.read("/refused")
    assert 'id="call-' not in shown
    assert "Every call so far was accepted" in shown
    assert stage.read("/calls").count('id="call-') == 2


def test_before_the_first_call_there_is_a_line_to_try(stage):
    shown = stage.read("/refused")
    assert "No call of this tenant has come in yet." in shown
    assert stage.workflow.url_token_id in shown
    stage.engine.tenants.delete_workflow(stage.workflow.id)
    assert "Make a workflow first" in stage.read("/refused")
    stage.engine.tenants.delete(stage.tenant.id)
    assert "Every call so far names a tenant." in stage.read("/refused")


def test_identities_are_masked_until_they_are_revealed(stage):
    stage.send(headers={"x-api-token": "placeholder"})
    shown = stage.first()
    assert "dave@example.com" not in shown
    assert "--data-binary @event.json" in shown
    link = re.search(r'href="([^"]+reveal=body)"', shown)[1]
    revealed = stage.read(link)
    assert "dave@example.com" in revealed
    assert "--data-raw" in revealed


def test_what_came_over_the_wire_is_escaped(stage):
    stage.send(SCRIPT.encode(), {"x-trace-id": SCRIPT, "content-type": SCRIPT}, path=f"/{SCRIPT}")
    for path in ("/refused", "/calls"):
        raw = stage.client.get(path).get_data(as_text=True)
        assert SCRIPT not in raw
    address = re.search(r"/calls/[0-9a-f-]{36}", stage.read("/refused"))[0]
    assert SCRIPT not in stage.client.get(address).get_data(as_text=True)


@pytest.mark.parametrize("query", ["whose=all", "status=four", "colour=red"])
def test_what_cannot_be_asked_is_refused(stage, query):
    stage.read(f"/refused?{query}", 400)


def test_a_foreign_page_is_shown_no_refused_calls(stage):
    for header in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        assert stage.client.get("/refused", headers=header).status_code == 403


def test_a_run_of_a_deleted_workflow_is_named_and_no_link(stage):
    stage.send()
    stage.engine.advance(stage.tenant.id, 1)
    assert 'href="/runs/RUN_' in stage.first("/calls")
    assert 'href="/runs/RUN_' in stage.read("/calls")
    stage.engine.tenants.delete_workflow(stage.workflow.id)
    assert "its workflow was deleted" in stage.first("/calls")
    assert 'href="/runs/RUN_' not in stage.first("/calls")
    assert 'href="/runs/RUN_' not in stage.read("/calls")
