"""A page that speaks of the present moment goes on though nothing happens."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

pytestmark = pytest.mark.browser
# The page asks for a call every ten seconds, and is given one every ten milliseconds.
FASTER = "const real = setInterval; window.setInterval = (work, after) => real(work, after / 1000);"


def test_the_overview_of_a_quiet_server_stays_of_now(browser, mock):
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FASTER})
    try:
        browser.get(f"{mock.url}/overview")
        first = browser.find_element(By.ID, "span").text
        WebDriverWait(browser, 60).until(
            lambda page: page.find_element(By.ID, "span").text != first
        )
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
