"""Somebody whose calls start nothing finds out why, in a browser."""

import pytest
import requests
from selenium.webdriver.common.by import By

from contracts.control_client import ControlClient

pytestmark = pytest.mark.browser


def test_a_draft_is_told_from_a_wrong_url_and_enabled_with_one_click(browser, mock):
    with ControlClient(mock.control_url) as control:
        (tenant,) = control.tenants()
        made = control.add_workflow(tenant["id"], {"name": "Welcome", "draft": True})
        headers = {"X-API-TOKEN": tenant["apiToken"]}
        for url in (f"{made['triggerUrl']}x", made["triggerUrl"]):
            answer = requests.post(url, json={}, headers=headers, timeout=60)
            assert answer.status_code == 404  # both look alike from outside

        browser.get(f"{mock.url}/refused")
        rows = browser.find_elements(By.CSS_SELECTOR, "#refused tbody tr")
        assert "draft" in rows[0].text
        assert "wrong URL" in rows[1].text
        assert "Did you mean Welcome?" in rows[1].text

        rows[0].find_element(By.CSS_SELECTOR, "a.opens").click()
        button = browser.find_element(By.CSS_SELECTOR, "#why button")
        assert button.text == "Enable Welcome"
        button.click()
        why = browser.find_element(By.ID, "why")
        assert "is enabled now" in why.text
        assert control.workflow(made["id"])["enabled"]
