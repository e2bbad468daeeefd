"""The Run history pages in a real browser: what an event says is shown, never run."""

import pytest
import requests
from selenium.webdriver.common.by import By

from contracts.control_client import ControlClient
from mock_qualtrics import Settings, serve_in_thread

pytestmark = pytest.mark.browser
SCRIPT = "<script>document.title = 'run'; window.struck = true</script><img src=x onerror=struck=1>"
WAIT_SECONDS = 60


def test_a_script_in_an_event_is_shown_as_text(browser, mock):
    control = ControlClient(mock.control_url)
    (tenant,) = control.tenants()
    task = {"name": SCRIPT, "type": "email", "settings": {"to": "~{aedj://name}"}}
    workflow = control.add_workflow(
        tenant["id"],
        {
            "name": f"Survey {SCRIPT}",
            "fields": [{"name": "name", "path": "$.name"}],
            "tasks": [task],
            "delay": {"kind": "fixed", "seconds": 0},
        },
    )
    event = {"name": SCRIPT, SCRIPT: SCRIPT}
    headers = {"X-API-TOKEN": tenant["apiToken"]}
    requests.post(workflow["triggerUrl"], json=event, headers=headers, timeout=WAIT_SECONDS)
    control.wait(tenant["id"], succeeded=1, timeout_seconds=30)
    control.close()

    browser.get(f"{mock.url}/runs?workflow={workflow['id']}")
    headings = [cell.text for cell in browser.find_elements(By.TAG_NAME, "th")]
    assert headings[:3] == ["Started on", "Workflow name", "Status"]
    row = browser.find_element(By.CSS_SELECTOR, "tbody tr")
    assert SCRIPT in row.text
    assert "Succeeded" in row.text

    row.find_element(By.TAG_NAME, "a").click()
    shown = browser.find_element(By.ID, "event").text
    assert SCRIPT in shown
    assert "Succeeded" in browser.find_element(By.TAG_NAME, "dl").text
    assert browser.title.startswith("Run RUN_")
    assert browser.execute_script("return window.struck === undefined")
    assert browser.execute_script("return document.querySelectorAll('script, img').length") == 1


def test_one_logs_in_with_the_control_token(browser):
    settings = Settings(seed=3, control_token="placeholder-control-token")
    with serve_in_thread(settings) as running:
        browser.get(f"{running.url}/runs")
        assert browser.current_url.endswith("/login")
        field = browser.find_element(By.NAME, "token")
        field.send_keys("wrong")
        field.submit()
        assert "not the control token" in browser.find_element(By.CSS_SELECTOR, "[role=alert]").text
        field = browser.find_element(By.NAME, "token")
        field.send_keys("placeholder-control-token")
        field.submit()
        assert browser.find_element(By.CSS_SELECTOR, "nav[aria-label=Views]").is_displayed()
        assert browser.current_url.endswith("/runs")
