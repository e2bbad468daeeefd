"""The page of one run: why, its steps, event and fields; sending again; comparing two."""

import json
import re

import pytest
from flask.testing import FlaskClient

from mock_qualtrics import create_app
from support.rehearsal import Rehearsal, Rehearse

WORKFLOW = {
    "fields": [{"name": "email", "path": "$.email"}, {"name": "first", "path": "$.name.first"}],
    "tasks": [{"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email} ~{ch://o}"}}],
    "delay": {"kind": "fixed", "seconds": 12},
}
EVENT = b'{"email": "dave@example.com", "name": {"First": "Dave"}, "n": 1.0, "n": 1E400}'


@pytest.fixture
def survey(rehearse: Rehearse) -> Rehearsal:
    return rehearse(WORKFLOW)


def pages(rehearsal: Rehearsal) -> FlaskClient:
    return create_app(engine=rehearsal.engine).test_client()


def newest(rehearsal: Rehearsal) -> str:
    return str(rehearsal.runs()[0]["id"])


def text_of(page: str, identifier: str) -> str:
    """Return what stands in the element with an id, up to the next element with one."""
    part = page.partition(f'id="{identifier}"')[2].partition(">")[2]
    return re.sub(r"<[^>]+>", "", re.split(r'<[^>]+\sid="', part)[0]).strip()


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def form_token(page: str) -> str:
    return page.partition('name="form-token" value="')[2].partition('"')[0]


def test_a_run_says_why_from_waiting_to_its_end(survey):
    survey.send(EVENT)
    client, address = pages(survey), f"/runs/{newest(survey)}"
    survey.advance(2)
    assert "Pending: due in 10 s, at 2026-01-01T00:00:12" in text_of(
        read(client, address), "reason"
    )
    survey.advance(10)
    shown = read(client, address)
    assert text_of(shown, "reason") == "Succeeded: its task ran"
    for text in ("+12 s", "Admitted", "answered 202", "Task Invite, attempt 1"):
        assert text in shown
    assert "$.name has no .first; it has &#34;First&#34;" in shown
    assert "a pipe of another kind, which the mock does not fill in" in shown


def test_conditions_that_are_not_met_say_what_was_found(rehearse):
    conditions = {"all": [{"path": "$.vip", "exists": True}]}
    survey = rehearse({**WORKFLOW, "conditions": conditions})
    survey.send(EVENT)
    survey.advance(12)
    reason = text_of(read(pages(survey), f"/runs/{newest(survey)}"), "reason")
    assert reason.startswith(
        "Succeeded, but no task ran: its conditions were not met: $.vip is mis"
    )


def test_a_run_beyond_the_daily_cap_is_blocked(rehearse):
    survey = rehearse(WORKFLOW, {"limits": {"runsPerDay": 1}})
    survey.send(EVENT)
    survey.send(EVENT)
    shown = read(pages(survey), f"/runs/{newest(survey)}")
    assert "Blocked by the daily cap (Q-LIM-4): the daily limit of 1 runs" in shown


def test_identities_are_masked_until_somebody_asks_for_one_or_for_the_event(survey):
    survey.send(EVENT)
    survey.advance(12)
    client, address = pages(survey), f"/runs/{newest(survey)}"
    shown = read(client, address)
    assert "dave@example.com" not in shown
    assert "d***@e***.com" in shown
    assert '"n": 1.0,\n  "n": 1E400' in shown.replace("&#34;", '"')
    assert read(client, address + "?reveal=field-0").count("dave@example.com") == 1
    revealed = read(client, address + "?reveal=event")
    assert "dave@example.com" in text_of(revealed, "event")
    assert "d***@e***.com" not in revealed


def test_the_event_can_be_downloaded_byte_for_byte(survey):
    survey.send(EVENT)
    answer = pages(survey).get(f"/runs/{newest(survey)}/event")
    assert answer.data == EVENT
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{newest(survey)}.json"'


def test_a_workflow_that_was_changed_since_is_said_to_be(survey):
    survey.send(EVENT)
    survey.advance(12)
    client, address = pages(survey), f"/runs/{newest(survey)}"
    changed = "was changed since this run"
    assert changed not in read(client, address)
    survey.engine.tenants.update_workflow(survey.workflow.id, {"fields": []})
    assert changed in read(client, address)


def test_send_again_is_a_call_with_the_same_body_and_trace_id_and_leads_to_its_run(survey):
    survey.send(EVENT, trace="t-1")
    client, first = pages(survey), newest(survey)
    token = form_token(read(client, f"/runs/{first}"))
    answer = client.post(f"/runs/{first}/again", data={"form-token": token})
    assert answer.status_code == 303
    again, original = survey.runs()
    assert answer.headers["Location"] == f"/runs/{again['id']}"
    assert (again["traceId"], again["event"].text) == ("t-1", original["event"].text)
    assert survey.totals()["duplicates"] == 1
    assert client.post(f"/runs/{first}/again").status_code == 403


def test_a_call_that_is_refused_when_it_is_sent_again_is_shown_instead(survey):
    survey.send(EVENT)
    client, run = pages(survey), newest(survey)
    token = form_token(read(client, f"/runs/{run}"))
    survey.engine.tenants.update_workflow(survey.workflow.id, {"enabled": False})
    answer = client.post(f"/runs/{run}/again", data={"form-token": token})
    assert answer.headers["Location"] == f"/calls/{survey.requests()[0]['requestId']}"
    assert "workflow-disabled" in read(client, answer.headers["Location"])


def test_the_deliveries_of_a_message_are_shown_the_refused_ones_too(survey):
    survey.send(b"no json", trace="t-1")
    survey.send(EVENT, trace="t-1")
    client, address = pages(survey), f"/runs/{newest(survey)}"
    survey.send(b"{}", trace="t-2")
    shown = read(client, address).partition("Deliveries of this message")[2]
    assert "400: not JSON" in shown
    assert shown.count('id="delivery-') == 2
    assert "Deliveries of this message" not in read(client, f"/runs/{newest(survey)}")


def test_a_run_of_run_now_is_run_so_again(survey):
    first = survey.engine.run_now(survey.workflow.id, b"{}")["id"]
    client = pages(survey)
    token = form_token(read(client, f"/runs/{first}"))
    client.post(f"/runs/{first}/again", data={"form-token": token})
    assert [run["runNow"] for run in survey.runs()] == [True, True]
    assert survey.totals()["received"] == 0


def test_newer_and_older_are_those_of_the_list_that_one_came_from(survey):
    other = survey.engine.tenants.add_workflow(survey.tenant, {"name": "Other"})
    oldest = survey.engine.run_now(survey.workflow.id, b"{}")["id"]
    between = survey.engine.run_now(other.id, b"{}")["id"]
    middle = survey.engine.run_now(survey.workflow.id, b"{}")["id"]
    client = pages(survey)
    shown = read(client, f"/runs/{middle}")
    assert f'rel="next" href="/runs/{oldest}"' in shown
    assert 'rel="prev"' not in shown
    listed = f"tenant={survey.tenant.id}&amp;view=all"
    of_all = read(client, f"/runs/{middle}?tenant={survey.tenant.id}&view=all")
    assert f'rel="next" href="/runs/{between}?{listed}"' in of_all
    assert f'href="/runs?{listed}">Run history' in of_all
    for others in ("view=started", "q=status:failed", f"workflow={survey.workflow.id}&view=all"):
        address = f"/runs/{middle}?tenant={survey.tenant.id}&{others}"
        assert f"/runs/{between}" not in read(client, address)
    assert client.get(f"/runs/{middle}?q=nothing:x").status_code == 400


def test_two_runs_are_compared_and_identities_stay_masked(survey):
    survey.send(b'{"email": "erin@example.com", "n": 1}')
    survey.advance(12)
    survey.send(b'{"email": "dave@example.com", "n": 1.0, "x": true, "dave@example.com": 1}')
    here, there = (run["id"] for run in survey.runs())
    client = pages(survey)
    for choice in ("with=previous", "with=last-succeeded", f"with=previous&other={there}"):
        answer = client.get(f"/runs/{here}/compare?{choice}")
        assert answer.headers["Location"] == f"/runs/{here}/compare/{there}"
    shown = read(client, f"/runs/{here}/compare/{there}")
    for text in ("$.email", "$.x", "only here", "Pending", "Succeeded", "no such task"):
        assert text in shown
    assert "$.n<" not in shown
    assert "@example.com" not in shown


def test_the_last_run_that_succeeded_may_stand_before_others_that_did_not(survey):
    for email in ("email", "other", "other"):
        survey.send(b'{"%s": "dave@example.com"}' % email.encode())
        survey.advance(12)
    here, failed, succeeded = survey.runs()
    assert [run["status"] for run in (here, failed, succeeded)] == ["Failed", "Failed", "Succeeded"]
    answer = pages(survey).get(f"/runs/{here['id']}/compare?with=last-succeeded")
    assert answer.headers["Location"] == f"/runs/{here['id']}/compare/{succeeded['id']}"


def test_where_there_is_no_run_to_compare_with_the_page_says_so(survey):
    survey.send(EVENT)
    run = newest(survey)
    client = pages(survey)
    assert client.get(f"/runs/{run}/compare?with=previous").status_code == 400
    assert client.get(f"/runs/{run}/compare?other=RUN_nothing").status_code == 404
    assert "the previous run of this workflow" not in read(client, f"/runs/{run}")
    survey.send(EVENT)
    assert "the previous run of this workflow" in read(client, f"/runs/{newest(survey)}")


def test_a_large_event_is_folded_and_its_page_stays_small(survey):
    event = {"email": "dave@example.com", "x": [{"a": number} for number in range(7_000)]}
    survey.send(json.dumps(event).encode())
    shown = read(pages(survey), f"/runs/{newest(survey)}")
    assert "Show its beginning" in shown
    assert len(shown) < 100_000


def test_both_runs_of_a_call_that_ran_twice_lead_to_each_other(survey):
    survey.tenant.faults.add({"kind": "run-twice", "when": {"every": 1}})
    survey.send()
    survey.advance(10)
    client, ids = pages(survey), [run["id"] for run in survey.runs()]
    assert len(ids) == 2
    for this, other in (ids, ids[::-1]):
        shown = read(client, f"/runs/{this}")
        assert f">{other}</a>" in text_between(shown, 'id="siblings"', "</p>")


def test_the_deliveries_mark_the_run_whose_page_it_is(survey):
    survey.tenant.faults.add({"kind": "run-twice", "when": {"every": 1}})
    survey.send()
    survey.send()
    survey.advance(10)
    client = pages(survey)
    for run in survey.runs():
        table = text_between(read(client, f"/runs/{run['id']}"), 'id="deliveries"', "</table>")
        assert f"{run['id']} (this one)" in table
        assert table.count("(this one)") == 1
        assert table.count("RUN_") == 4 + 3  # each once, and three of them as links


def test_tasks_that_a_failed_run_did_not_come_to_are_not_pending(survey):
    survey.tenant.faults.add({"kind": "run-failed", "when": {"every": 1}})
    survey.send()
    survey.advance(60)
    shown = read(pages(survey), f"/runs/{newest(survey)}")
    assert "Not tried" in shown
    assert "Pending" not in shown


def text_between(page: str, start: str, end: str) -> str:
    _, _, rest = page.partition(start)
    return rest.partition(end)[0]
