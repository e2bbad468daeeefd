"""The login in a real browser."""

import pytest
from selenium.webdriver.common.by import By

from mock_qualtrics import Settings, serve_in_thread

pytestmark = pytest.mark.browser


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
