"""Somebody whose run failed finds out why, mends the workflow, and sends the event again."""

import pytest
import requests
from selenium.webdriver.common.by import By

from contracts.control_client import ControlClient
from support.visitor import WAIT_SECONDS, Visitor

pytestmark = pytest.mark.browser
ADDRESS = "dave@example.com"
EVENT = {"identityMap": {"Email": [{"id": ADDRESS}]}}
INVITE = {"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email}"}}
GOOD = {
    "name": "Send the survey",
    "fields": [{"name": "email", "path": "$.identityMap.Email[0].id"}],
    "tasks": [INVITE],
    "delay": {"kind": "fixed", "seconds": 0},
}
BROKEN = {
    "fields": [{"name": "email", "path": "$.identityMap.Mail[0].id"}],
    "tasks": [{**INVITE, "failProbability": 1}],
}


@pytest.fixture
def failed(mock):
    """A workflow with a run that succeeded, and one that failed since somebody changed it."""
    with ControlClient(mock.control_url) as control:
        (tenant,) = control.tenants()
        workflow = control.add_workflow(tenant["id"], GOOD)
        headers = {"X-API-TOKEN": tenant["apiToken"]}
        for changes, ended in ((GOOD, {"succeeded": 1}), (BROKEN, {"failed": 1})):
            control.update_workflow(workflow["id"], changes)
            requests.post(workflow["triggerUrl"], json=EVENT, headers=headers, timeout=60)
            control.wait(tenant["id"], timeout_seconds=WAIT_SECONDS, **ended)
        yield mock.url


def test_a_failed_run_is_understood_mended_and_sent_again(browser, failed):
    person = Visitor(browser, failed)
    person.open("/runs?view=all")
    person.keys("/", "status:failed task:Invite")
    person.enter()
    person.sees("Failed", part="runs")
    assert "Succeeded" not in person.reads("runs")

    person.keys("j")
    person.enter()
    person.sees("Failed, because the task Invite failed: scripted failure", part="reason")
    assert "nothing" in person.reads("fields")
    assert "$.identityMap.Mail" in person.reads("fields")
    assert "~{aedj://email} in" in person.reads("task-1")
    assert ADDRESS not in browser.page_source
    person.follow("show the event as it came")
    person.sees(ADDRESS, part="event")
    failed_run = browser.current_url

    person.choose("Compare with", "the last one that succeeded")
    person.press("Compare")
    person.sees("scripted failure", part="outcome")
    person.sees("email", part="fields")

    person.follow("Workflows")
    person.follow("Edit Send the survey")
    person.type_in("JSONPath of field 1", "identityMap.Email")
    person.press("Save and publish")
    person.sees("expected a JSONPath", part="fields-0-path-error")
    person.follow("Field 1, JSONPath")
    assert browser.switch_to.active_element == person.field("JSONPath of field 1")
    person.type_in("JSONPath of field 1", "$.identityMap.Email[0].id")
    person.type_in("Share of tries that fail, 0 to 1, of task 1", "0")
    person.press("Save and publish")
    person.sees("New workflow", "Send the survey")

    browser.get(failed_run)
    person.press("Send again")
    person.sees("Succeeded: its task ran", part="reason")
    person.sees("(this one)", part="deliveries")
    assert len(browser.find_elements(By.CSS_SELECTOR, "#deliveries tbody tr")) == 3
    person.keys("j")
    person.sees("Failed, because the task Invite failed", part="reason")
    assert browser.current_url.endswith(failed_run.rpartition("/")[2].partition("?")[0])
