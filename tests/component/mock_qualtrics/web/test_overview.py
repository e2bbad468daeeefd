"""The Overview: the same numbers as the totals, over time."""

import re

import pytest
from flask.testing import FlaskClient

from mock_qualtrics.engine import Engine
from support.rehearsal import trigger_call


def shown(client: FlaskClient, path: str = "/overview", status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def rehearse(engine: Engine) -> None:
    (workflow,) = engine.tenants.default.workflows
    task = {"name": "Invite", "type": "email", "failFirst": 2}
    engine.tenants.update_workflow(workflow.id, {"tasks": [task]})
    for number in range(6):
        engine.receive(trigger_call(engine, b"{}" if number else b"no json"))
        engine.advance(engine.tenants.default.id, 60)


def test_the_charts_say_what_the_totals_say(engine, client):
    rehearse(engine)
    text = shown(client)
    assert "5 accepted, 1 refused" in text
    assert "3 succeeded, 2 failed, 0 blocked" in text
    (bars,) = re.findall(r'class="bar accepted" d="([^"]+)"', text)
    assert bars.count("M") == 5
    titles = re.findall(r"<title>(2026-\S+ \S+) UTC: 1 accepted, 0 refused", text)
    assert len(titles) == 5
    assert "60.0%" in text
    assert "Nothing happened" not in text


def test_a_column_leads_to_the_runs_of_its_calls(engine, client):
    rehearse(engine)
    links = re.findall(r'<a href="(/runs\?[^"]+)" tabindex', shown(client))
    runs = [shown(client, link.replace("&amp;", "&")).count('<tr id="RUN_') for link in links]
    assert sum(runs[:6]) == 5  # those of the first chart, one a minute


def test_what_waits_is_said_with_the_instant_until_which(engine, client):
    engine.receive(trigger_call(engine, b"{}"))
    text = shown(client)
    assert "Runs that wait <b><a" in text
    assert "the last one due on" in text


def test_an_earlier_time_stays_and_an_empty_one_says_so(engine, client):
    rehearse(engine)
    text = shown(client, "/overview?last=10m&before=2025-12-01T00:00")
    assert "Nothing happened in this time." in text
    assert "data-events" not in text
    assert "data-events" in shown(client)


def test_earlier_and_later_lead_back_to_now(engine, client):
    rehearse(engine)
    text = shown(client, "/overview?last=1h")
    assert ">Later</a>" not in text
    (earlier,) = re.findall(r'href="([^"]+)">Earlier', text)
    before = shown(client, earlier.replace("&amp;", "&"))
    (later,) = re.findall(r'href="([^"]+)">Later', before)
    assert "5 accepted, 1 refused" in shown(client, later.replace("&amp;", "&"))
    assert ">Later</a>" not in shown(client, later.replace("&amp;", "&"))


@pytest.mark.parametrize("last", ["1d", "7d", "30d"])
def test_many_days_have_all_that_is_in_them_and_say_the_day(engine, client, last):
    rehearse(engine)
    engine.advance(engine.tenants.default.id, 5 * 3_600)
    engine.receive(trigger_call(engine, b"{}"))
    text = shown(client, f"/overview?last={last}")
    assert "6 accepted, 1 refused" in text
    assert re.search(r"<title>2026-01-01 00:00 UTC: \d accepted", text)
    assert len(text) < 100_000


def test_what_waits_for_a_retry_counts_with_its_next_try(engine, client):
    (workflow,) = engine.tenants.default.workflows
    task = {"name": "Invite", "type": "email", "failFirst": 1}
    changes = {"tasks": [task], "retryTasks": True, "delay": {"kind": "fixed", "seconds": 5}}
    engine.tenants.update_workflow(workflow.id, changes)
    engine.receive(trigger_call(engine, b"{}"))
    engine.advance(engine.tenants.default.id, 6)
    assert "the last one due on 2026-01-01 00:01:05" in re.sub("<[^>]+>", "", shown(client))


def test_a_slow_answer_stands_beside_the_limit_of_two_seconds(engine, client):
    receipt = engine.stage(trigger_call(engine, b"{}"))
    engine.commit()
    assert 'class="limit"' not in shown(client)
    engine.journal.note_answered(receipt.call_number, receipt.received_at, 3_000_000)
    assert shown(client).count('class="limit"') == 1


@pytest.mark.parametrize("query", ["last=x", "before=soon", "colour=red"])
def test_a_wrong_address_is_refused(client, query):
    assert 'role="alert"' in shown(client, f"/overview?{query}", 400)


def test_without_a_tenant_it_says_what_to_do(engine, client):
    engine.tenants.delete(engine.tenants.default.id)
    assert "There is no tenant yet" in shown(client)
