"""Somebody whose run failed finds out why, looks at the event, sends it again and compares."""

import pytest
import requests
from selenium.webdriver.common.by import By

from contracts.control_client import ControlClient

pytestmark = pytest.mark.browser
WAIT_SECONDS = 60
ADDRESS = "dave@example.com"


def test_a_failed_run_is_understood_and_sent_again(browser, mock):
    with ControlClient(mock.control_url) as control:
        (tenant,) = control.tenants()
        workflow = control.add_workflow(
            tenant["id"],
            {
                "name": "Send the survey",
                "fields": [{"name": "email", "path": "$.email"}],
                "tasks": [
                    {
                        "name": "Invite",
                        "type": "email",
                        "settings": {"to": "~{aedj://email}"},
                        "failFirst": 1,
                    }
                ],
                "delay": {"kind": "fixed", "seconds": 0},
            },
        )
        headers = {"X-API-TOKEN": tenant["apiToken"]}
        requests.post(
            workflow["triggerUrl"], json={"email": ADDRESS}, headers=headers, timeout=WAIT_SECONDS
        )
        control.wait(tenant["id"], failed=1, timeout_seconds=WAIT_SECONDS)
        (failed,) = control.runs(workflow["id"]).items
        browser.get(f"{mock.url}/runs/{failed['id']}")
        reason = browser.find_element(By.ID, "reason").text
        assert reason.startswith("Failed, because the task Invite failed: scripted failure")

        assert ADDRESS not in browser.page_source
        browser.find_element(By.CSS_SELECTOR, "a[data-swap=event-as-sent]").click()
        browser.find_element(By.CSS_SELECTOR, "#event-as-sent[data-kept]")
        assert ADDRESS in browser.find_element(By.ID, "event").text

        browser.find_element(By.CSS_SELECTOR, "form[action$='/again'] button").click()
        browser.find_element(By.CSS_SELECTOR, f"#deliveries a[href='/runs/{failed['id']}']")
        control.wait(tenant["id"], succeeded=1, timeout_seconds=WAIT_SECONDS)
        browser.find_element(By.CSS_SELECTOR, "form[action$='/compare'] button").click()
        assert "scripted failure" in browser.find_element(By.ID, "outcome").text

        browser.back()
        browser.find_element(By.TAG_NAME, "body").send_keys("j")
        browser.find_element(By.CSS_SELECTOR, "#why.bad")
        assert browser.current_url.endswith(f"/runs/{failed['id']}")
