"""Somebody whose calls start nothing finds out why, in a browser."""

import pytest
import requests
from selenium.webdriver.common.by import By

from contracts.control_client import ControlClient
from support.visitor import WAIT_SECONDS, KeyboardVisitor

pytestmark = pytest.mark.browser
NO_DELAY = {"delay": {"kind": "fixed", "seconds": 0}}


class Caller:
    """A connector that sends the same event to any URL."""

    def __init__(self, control: ControlClient) -> None:
        (self.tenant,) = control.tenants()
        self.headers = {"X-API-TOKEN": self.tenant["apiToken"]}

    def call(self, url: str) -> int:
        answer = requests.post(url, json={}, headers=self.headers, timeout=WAIT_SECONDS)
        return answer.status_code


def test_a_draft_a_disabled_workflow_and_a_wrong_url_are_told_apart(browser, mock):
    with ControlClient(mock.control_url) as control:
        caller = Caller(control)
        states = {"Welcome": {"draft": True}, "Reminder": {"enabled": False}}
        welcome, reminder = (
            control.add_workflow(caller.tenant["id"], {"name": name, **NO_DELAY, **state})
            for name, state in states.items()
        )
    urls = [f"{welcome['triggerUrl']}x", welcome["triggerUrl"], reminder["triggerUrl"]]
    assert [caller.call(url) for url in urls] == [404, 404, 404]  # alike from outside

    person = KeyboardVisitor(browser, mock.url)
    person.open("/refused")
    shown = [row.text for row in browser.find_elements(By.CSS_SELECTOR, "#refused tbody tr")]
    told = [("disabled", "Reminder"), ("draft", "Welcome"), ("wrong URL", "Did you mean")]
    for row, texts in zip(shown, told, strict=True):
        assert all(text in row for text in texts), row

    person.keys("j", "j")
    person.enter()
    person.press("Enable Welcome")
    person.sees("Welcome is enabled now", part="why")
    person.follow("Refused calls")

    person.follow("Workflows")
    person.press("Enable Reminder")
    person.sees("calls start runs", part=reminder["id"])
    person.follow("Run history of Reminder")
    person.sees("No runs here yet.")
    for url in urls[1:]:
        assert caller.call(url) == 202
    person.sees("Succeeded", part="runs")
