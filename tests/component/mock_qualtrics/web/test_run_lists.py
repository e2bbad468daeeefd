"""Lists of runs: by workflow, view and search, page by page."""

import re
from collections.abc import Callable

import pytest

from mock_qualtrics.engine import Engine
from support.rehearsal import trigger_call

EVENT = b'{"identityMap": {"Email": [{"id": "dave@example.com"}]}, "note": "number %d"}'


@pytest.fixture
def look(client) -> Callable[..., str]:
    def read(path: str = "/runs", status: int = 200, **query: str) -> str:
        answer = client.get(path, query_string=query or None)
        assert answer.status_code == status
        return answer.get_data(as_text=True)

    return read


def run_calls(engine: Engine, count: int) -> None:
    for number in range(count):
        engine.receive(trigger_call(engine, EVENT % number))
    engine.advance(engine.tenants.default.id, 1)


def run_ids(shown: str) -> list[str]:
    return re.findall(r'<tr id="(RUN_\w+)">', shown)


def link(shown: str, text: str) -> str:
    """Return where the link with this text leads to."""
    before = shown.partition(f">{text}</a>")[0]
    return before.rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")


def test_all_workflows_are_shown_together_and_each_alone(engine, look):
    tenant = engine.tenants.default
    (first,) = tenant.workflows
    second = engine.tenants.add_workflow(tenant, {"name": "Onboarding"})
    run_calls(engine, 2)
    engine.run_now(second.id, b"{}")
    engine.advance(tenant.id, 1)
    assert len(run_ids(look())) == 3
    shown = look(workflow=second.id)
    assert len(run_ids(shown)) == 1
    assert "Run history of Onboarding" in shown
    assert len(run_ids(look(workflow=first.id))) == 2


def test_the_tab_of_waiting_runs_says_how_many_there_are_where_that_is_known(engine, look):
    (workflow,) = engine.tenants.default.workflows
    engine.tenants.update_workflow(workflow.id, {"delay": {"kind": "fixed", "seconds": 60}})
    run_calls(engine, 2)
    assert len(run_ids(look(link(look(), "Waiting (2)")))) == 2
    assert link(look(workflow=workflow.id), "Waiting")
    assert link(look(q="number"), "Waiting")
    engine.advance(engine.tenants.default.id, 60)
    assert link(look(), "Waiting (0)")


def test_pages_follow_each_other_and_lose_no_run(engine, look):
    run_calls(engine, 120)
    shown = look(q='"number"')
    seen = run_ids(shown)
    while "Older runs" in shown or "Search on" in shown:
        shown = look(link(shown, "Search on" if "Search on" in shown else "Older runs"))
        assert "Newest runs" in shown
        seen += run_ids(shown)
    assert len(seen) == len(set(seen)) == 120


def test_a_search_finds_what_it_says(engine, look):
    run_calls(engine, 12)
    shown = look(q='"number 7"')
    assert len(run_ids(shown)) == 1
    assert "Looked through 12 runs" in shown
    assert "there are no older ones" in shown
    assert "No run is found by this search." in look(q="status:failed")


def test_a_wrong_search_says_what_was_expected_and_keeps_the_text(look):
    shown = look(status=400, q='stattus:failed "')
    assert "found the name" in shown
    assert "expected one of status" in shown
    assert 'value="stattus:failed &#34;"' in shown
    assert 'aria-invalid="true"' in shown


def test_an_identity_is_masked_until_it_is_asked_for(engine, look):
    run_calls(engine, 2)
    shown = look()
    assert "dave@example.com" not in shown
    assert shown.count("d***@e***.com") == 2
    revealed = look(link(shown, "d***@e***.com"))
    assert revealed.count("dave@example.com") == 1
    assert revealed.count("d***@e***.com") == 1


@pytest.mark.parametrize(
    ("query", "reason"),
    [({"view": "other"}, "view: found"), ({"workflow": "WF_none"}, "workflow"), ({"x": "1"}, "x")],
)
def test_a_wrong_address_is_refused_with_one_reason(client, query, reason):
    answer = client.get("/runs", query_string=query)
    assert answer.status_code in (400, 404)
    assert reason in answer.get_data(as_text=True)


def test_a_page_of_another_list_is_refused(engine, client, look):
    run_calls(engine, 60)
    older = link(look(), "Older runs")
    assert client.get(older + "&q=number").status_code == 400


def fail_calls(engine: Engine, count: int) -> None:
    task = {"name": "Invite", "type": "email", "failFirst": count}
    engine.tenants.update_workflow(
        engine.tenants.default.workflows[0].id, {"tasks": [task], "retryTasks": False}
    )
    run_calls(engine, count)


def test_errors_are_grouped_and_each_group_leads_to_its_runs(engine, look):
    fail_calls(engine, 7)
    shown = look(link(look(), "Errors, grouped by what they say"))
    assert "All failed runs of this list: 7." in shown
    (url,) = re.findall(r'<a class="opens" href="([^"]+)"', shown)
    assert len(run_ids(look(url.replace("&amp;", "&")))) == 7
    assert "only workflow, status, view and time count" in look("/runs/errors", q="task:other")
    assert "No run of this list has failed." in look("/runs/errors", q="status:succeeded")


@pytest.mark.parametrize(("name", "ending"), [("CSV", ".csv"), ("JSON lines", ".jsonl")])
def test_what_is_found_can_be_downloaded_masked_or_in_the_clear(engine, client, look, name, ending):
    run_calls(engine, 3)
    url = link(look(q='"number 1"'), f"Download as {name}")
    answer = client.get(url)
    assert f'filename="runs{ending}"' in answer.headers["Content-Disposition"]
    lines = answer.get_data(as_text=True).splitlines()
    assert "d***@e***.com" in lines[-1]
    assert "dave@example.com" not in lines[-1]
    assert len(lines) == (2 if ending == ".csv" else 1)
    assert "dave@example.com" in client.get(f"{url}&clear=1").get_data(as_text=True)
    assert client.get(f"{url}&clear=yes").status_code == 400
    assert client.get(f"{url}&q=status:odd").status_code == 400


def test_the_id_of_a_run_or_of_its_call_leads_there(engine, look):
    run_calls(engine, 2)
    run = engine.journal.runs_page(engine.tenants.default.workflows[0].id).items[0]
    for text, path in ((run["id"], "/runs/"), (run["requestId"], "/calls/")):
        shown = look(q=f" {text} ")
        assert link(shown, "open it") == f"{path}{text}"
        assert look(link(shown, "open it"))
    assert "open it" not in look(q="RUN_0")
