"""Somebody who has no connector yet sees life, and makes things go wrong on purpose."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import url_contains
from selenium.webdriver.support.wait import WebDriverWait

pytestmark = pytest.mark.browser
WAIT_SECONDS = 60  # only a test that fails waits so long


def test_a_newcomer_sends_samples_and_adds_a_fault(browser, mock):
    browser.get(f"{mock.url}/runs")
    press(browser, "Send it with a wrong token")
    WebDriverWait(browser, WAIT_SECONDS).until(url_contains("/calls/"))
    assert "401" in browser.find_element(By.ID, "main").text

    browser.get(f"{mock.url}/controls")
    press(browser, "Send a sample event")
    assert browser.find_element(By.XPATH, "//h1[starts-with(normalize-space(), 'Run RUN_')]")

    browser.get(f"{mock.url}/controls")
    browser.find_element(By.LINK_TEXT, "status").click()
    browser.find_element(By.ID, "status").send_keys("200")
    browser.find_element(By.NAME, "when-every").send_keys("1")  # which chooses it, too
    press(browser, "Add the fault")
    assert "found 200, expected" in browser.find_element(By.ID, "status-error").text
    field = browser.find_element(By.ID, "status")
    field.clear()
    field.send_keys("503")
    press(browser, "Add the fault")
    assert "The fault was added" in browser.find_element(By.ID, "notice").text
    (fault,) = mock.engine.tenants.default.faults.all()
    assert (fault.kind.name, fault.settings) == ("status", {"status": 503})
    assert fault.when.to_mapping() == {"every": 1}


def test_the_token_is_revealed_in_its_place(browser, mock):
    browser.get(f"{mock.url}/controls")
    browser.find_element(By.CSS_SELECTOR, "#api-token a").click()
    shown = browser.find_element(By.CSS_SELECTOR, "#api-token code").text
    assert shown == mock.engine.tenants.default.api_token.reveal()
    assert browser.current_url.endswith("/controls")


def press(browser, text: str) -> None:
    browser.find_element(By.XPATH, f"//button[normalize-space()='{text}']").click()
