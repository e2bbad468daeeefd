"""What the Run history pages show and to whom; the app itself, without a server."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contracts import validate
from mock_qualtrics import Settings, create_app
from mock_qualtrics.engine import Engine
from mock_qualtrics.tenants.workflow import Workflow
from mock_qualtrics.web import access
from support.rehearsal import trigger_call

CONTROL_TOKEN = "PLACEHOLDER-CONTROL-TOKEN"
Browse = Callable[..., tuple[Engine, FlaskClient]]


@pytest.fixture
def browse() -> Iterator[Browse]:
    """Make an engine and someone who looks at its pages."""
    engines: list[Engine] = []

    def make(**settings: object) -> tuple[Engine, FlaskClient]:
        engines.append(Engine(Settings(clock="virtual", **settings)))
        return engines[-1], create_app(engine=engines[-1]).test_client()

    yield make
    for engine in engines:
        engine.close()


def the_workflow(engine: Engine) -> Workflow:
    (workflow,) = engine.tenants.default.workflows
    return workflow


def send(engine: Engine, body: bytes = b"{}") -> None:
    engine.receive(trigger_call(engine, body))


def read(answer: TestResponse, status: int = 200) -> str:
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_data(as_text=True)


def test_before_the_first_call_the_page_says_that_none_has_come(browse):
    _, client = browse()
    shown = read(client.get("/runs"))
    assert "No call has come in yet." in shown
    assert "No runs here yet." in shown


def test_without_a_workflow_the_page_says_so(browse):
    engine, client = browse()
    engine.tenants.delete_workflow(the_workflow(engine).id)
    shown = read(client.get("/runs"))
    assert "There is no workflow yet." in shown
    assert "Successfully started" not in shown


def test_a_run_that_waits_is_shown_as_not_started(browse):
    engine, client = browse()
    send(engine, b'{"first": 1}')
    (run,) = engine.journal.runs_page(the_workflow(engine).id).items
    shown = read(client.get(f"/runs/{run['id']}"))
    for text in ("Pending", "not started", "not finished", "No tasks.", "first"):
        assert text in shown


def test_a_failed_task_is_shown_with_its_attempts_and_notification(browse):
    engine, client = browse()
    task = {"name": "Invite", "type": "email", "failFirst": 9}
    engine.tenants.update_workflow(the_workflow(engine).id, {"tasks": [task]})
    send(engine)
    engine.advance(engine.tenants.default.id, 1)
    (run,) = engine.journal.runs_page(the_workflow(engine).id).items
    shown = read(client.get(f"/runs/{run['id']}"))
    # In the reason, the timeline, the task and the notification.
    assert shown.count("scripted failure 1 of 9") == 4
    assert "Notifications" in shown


def test_a_journal_that_lost_rows_says_so(browse):
    engine, client = browse(memory_rows=10)
    for _ in range(30):
        send(engine)
        engine.advance(engine.tenants.default.id, 1)
    assert "The journal is not complete" in read(client.get("/runs"))


@pytest.mark.parametrize(("status", "rows"), [("succeeded", 1), ("FAILED", 1), ("", 2)])
def test_runs_can_be_shown_by_status(browse, status, rows):
    engine, client = browse()
    task = {"name": "T", "type": "record", "failFirst": 1}
    engine.tenants.update_workflow(the_workflow(engine).id, {"tasks": [task]})
    send(engine)
    send(engine)
    engine.advance(engine.tenants.default.id, 1)
    assert (
        read(client.get("/runs", query_string={"status": status})).count('href="/runs/RUN_') == rows
    )


def test_the_count_of_failed_runs_leads_to_them(browse):
    engine, client = browse()
    task = {"name": "T", "type": "record", "failFirst": 2}
    engine.tenants.update_workflow(the_workflow(engine).id, {"tasks": [task]})
    for _ in range(5):
        send(engine)
    engine.advance(engine.tenants.default.id, 1)
    shown = read(client.get("/runs"))
    link = shown.partition('aria-label="failed 2"')[0].rpartition('href="')[2].partition('"')[0]
    failed = read(client.get(link.replace("&amp;", "&")))
    assert (failed.count("status Failed"), failed.count("status Succeeded")) == (2, 0)
    everything = failed.partition(">Show all</a>")[0].rpartition('href="')[2].partition('"')[0]
    assert read(client.get(everything.replace("&amp;", "&"))).count('href="/runs/RUN_') == 5
    assert "Show all" not in shown


def test_a_run_whose_conditions_were_not_met_says_that_no_task_ran(browse):
    engine, client = browse()
    changes = {
        "tasks": [{"name": "T", "type": "record"}],
        "conditions": {"all": [{"path": "$.vip", "exists": True}]},
    }
    engine.tenants.update_workflow(the_workflow(engine).id, changes)
    send(engine, b'{"a": 1, "a": 2}')
    send(engine, b'{"vip": 1}')
    engine.advance(engine.tenants.default.id, 1)
    ran, skipped = engine.journal.runs_page(the_workflow(engine).id).items
    assert "notes" not in ran
    assert (skipped["status"], skipped["error"], len(skipped["notes"])) == ("Succeeded", None, 2)
    assert validate({**skipped, "event": {}}, "run") == []
    for path in ("/runs", f"/runs/{skipped['id']}"):
        assert "no task ran: conditions not met" in read(client.get(path))


def test_at_most_ten_refused_calls_are_shown_beside_the_history(browse):
    engine, client = browse()
    for _ in range(12):
        send(engine, b"no json")
    assert read(client.get("/runs")).count('data-label="Reason">not-json</td>') == 10


def test_a_disabled_workflow_is_marked_and_can_still_be_looked_at(browse):
    engine, client = browse()
    engine.tenants.update_workflow(the_workflow(engine).id, {"enabled": False})
    shown = read(client.get("/runs", query_string={"workflow": the_workflow(engine).id}))
    assert "(disabled)" in shown
    assert "start nothing" in shown


def test_a_stranger_is_led_to_the_login_and_in_with_the_control_token(browse):
    _, client = browse(control_token=CONTROL_TOKEN)
    for path in ("/", "/runs", "/runs/RUN_nothing"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (302, "/login")
    assert "Control token" in read(client.get("/login"))
    wrong = client.post("/login", data={"token": "PLACEHOLDER-WRONG"})
    assert "not the control token" in read(wrong, 401)
    assert "Set-Cookie" not in wrong.headers
    assert read(client.post("/login"), 401)
    right = client.post("/login", data={"token": CONTROL_TOKEN})
    assert (right.status_code, right.location) == (302, "/runs")
    cookie = right.headers["Set-Cookie"]
    assert cookie.startswith(f"{access.COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert CONTROL_TOKEN not in cookie
    assert "Run history" in read(client.get("/runs"))


def test_over_https_the_cookie_is_for_https_alone(browse):
    _, client = browse(control_token=CONTROL_TOKEN)
    data = {"token": CONTROL_TOKEN}
    plain = client.post("/login", data=data).headers["Set-Cookie"]
    safe = client.post("/login", data=data, base_url="https://localhost").headers["Set-Cookie"]
    assert ("Secure" in plain, "Secure" in safe) == (False, True)


@pytest.mark.parametrize("path", ["/", "/runs", "/login", "/favicon.ico"])
@pytest.mark.parametrize("header", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_a_foreign_page_is_shown_nothing(browse, path, header):
    _, client = browse()
    assert 'role="alert"' in read(client.get(path, headers=header), 403)


def test_a_foreign_page_cannot_log_anyone_in(browse):
    _, client = browse(control_token=CONTROL_TOKEN)
    headers = {"Origin": "http://evil.example"}
    answer = client.post("/login", data={"token": CONTROL_TOKEN}, headers=headers)
    assert "Foreign Origin" in read(answer, 403)
    assert "Set-Cookie" not in answer.headers


def test_a_pending_run_says_when_it_is_due_and_a_hint_is_shown(browse):
    engine, client = browse()
    task = {"name": "Invite", "type": "email", "settings": {"to": "{aedj://email}"}}
    engine.tenants.update_workflow(the_workflow(engine).id, {"tasks": [task]})
    send(engine)
    engine.commit()
    (run,) = engine.journal.runs_page(the_workflow(engine).id).items
    for address in ("/runs?status=pending", f"/runs/{run['id']}"):
        shown = read(client.get(address))
        assert run["dueOn"] in shown
        assert "he clock is virtual" in shown
    engine.advance(engine.tenants.default.id, 1)
    for address in ("/runs", f"/runs/{run['id']}"):
        shown = read(client.get(address))
        assert "setting to: {aedj://email} goes out literally" in shown
        assert "he clock is virtual" not in shown


def test_the_calls_begin_with_the_tenant_there_is_and_deny_none(browse):
    engine, client = browse()
    shown = read(client.get("/calls"))
    assert "No call of this tenant has come in yet." in shown
    assert f'tenant={engine.tenants.default.id}" aria-current="page"' in shown
    assert "Every call so far names a tenant." in read(client.get("/calls?tenant=none"))
    engine.receive(trigger_call(engine)._replace(query="", headers=()))
    assert "has come in yet; 1 call names no tenant." in read(client.get("/calls"))
    send(engine, b"{")
    assert ">not JSON</span>" in read(client.get("/calls?tenant="))
    assert "No call meets these conditions." in read(client.get("/calls?reason=rate-limit"))
    engine.tenants.delete(engine.tenants.default.id)
    assert ">wrong URL</span>" in read(client.get("/calls"))


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/runs", ("Run history", "page")),
        ("/runs/{run}", ("Run history", "true")),
        ("/runs/{run}/compare/{run}", ("Run history", "true")),
        ("/workflows/{workflow}", ("Workflows", "true")),
        ("/workflows/new", ("Workflows", "true")),
        ("/calls/{call}", ("Refused calls", "true")),
        ("/overview", ("Overview", "page")),
    ],
)
def test_the_navigation_marks_where_a_page_belongs(browse, path, marked):
    engine, client = browse()
    send(engine)
    workflow = the_workflow(engine)
    run = engine.journal.runs_page(workflow.id).items[0]
    ids = {"run": run["id"], "workflow": workflow.id, "call": run["requestId"]}
    found = re.findall(r'aria-current="(\w+)">([^<]+)', read(client.get(path.format(**ids))))
    assert (marked[1], marked[0]) in found
    pages = {"Run history", "Workflows", "Refused calls", "Overview", "Controls"}
    assert [text for _, text in found if text in pages] == [marked[0]]


def test_choosing_a_tenant_leads_to_a_page_that_every_tenant_has(browse):
    engine, client = browse()
    engine.tenants.create({})
    send(engine)
    engine.commit()
    (run,) = engine.journal.runs_page(the_workflow(engine).id).items
    for address, page in (
        ("/overview", "/overview"),
        ("/calls", "/calls"),
        (f"/runs/{run['id']}", "/runs"),
    ):
        assert f'<form class="tenant" method="get" action="{page}">' in read(client.get(address))


def test_what_a_form_is_answered_with_is_not_asked_for_again(browse):
    engine, client = browse()
    shown = read(client.get("/controls"))
    assert "data-events=" in shown
    (token,) = set(re.findall(r'name="form-token" value="([^"]+)"', shown))
    address = f"/controls/{engine.tenants.default.id}/clock/advance"
    answer = client.post(address, data={"form-token": token, "by": "soon"})
    assert 'id="by-error"' in answer.get_data(as_text=True)
    assert "data-events=" not in answer.get_data(as_text=True)
