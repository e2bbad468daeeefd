"""The pages by keyboard: what the script takes, and what it leaves to the browser."""

import pytest
import requests
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from contracts.control_client import ControlClient

pytestmark = pytest.mark.browser
WAIT_SECONDS = 60
RUNS = 51  # one more than a page has
FOCUS_ROW = "return document.activeElement.closest('tr')?.id"


@pytest.fixture
def runs(mock):
    """The ids of more runs than a page has, the newest first."""
    with ControlClient(mock.control_url) as control:
        (tenant,) = control.tenants()
        settings = {"name": "Survey", "delay": {"kind": "fixed", "seconds": 0}}
        workflow = control.add_workflow(tenant["id"], settings)
        with requests.Session() as session:
            session.headers["X-API-TOKEN"] = tenant["apiToken"]
            for number in range(RUNS):
                event = {"identityMap": {"Email": [{"id": f"dave{number}@example.com"}]}}
                session.post(workflow["triggerUrl"], json=event, timeout=60).raise_for_status()
        control.wait(tenant["id"], succeeded=RUNS, timeout_seconds=WAIT_SECONDS)
        return [run["id"] for run in control.all_runs(workflow["id"])]


def press(browser, *keys: str) -> None:
    ActionChains(browser).send_keys(*keys).perform()


def test_j_and_k_go_through_the_rows_of_a_list_that_has_older_pages(browser, mock, runs):
    browser.get(f"{mock.url}/runs")
    browser.find_element(By.LINK_TEXT, "Older runs")
    press(browser, "j", "j", "k", "j", Keys.ARROW_RIGHT)
    assert browser.execute_script(FOCUS_ROW) == runs[1]
    browser.find_element(By.CSS_SELECTOR, f"#identity-{runs[2]} a").send_keys(Keys.ENTER)
    WebDriverWait(browser, WAIT_SECONDS).until(
        lambda _: (
            browser.execute_script("return document.activeElement.innerText")
            == "dave48@example.com"
        )
    )
    press(browser, "j")
    assert browser.execute_script(FOCUS_ROW) == runs[3]
    press(browser, "/", "j")
    assert browser.find_element(By.ID, "q").get_attribute("value") == "j"


def test_arrows_lead_to_the_runs_beside_one_but_never_from_a_selection(browser, mock, runs):
    browser.get(f"{mock.url}/runs/{runs[1]}")
    ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.ARROW_RIGHT).key_up(
        Keys.SHIFT
    ).perform()
    press(browser, Keys.ARROW_RIGHT)
    browser.find_element(By.XPATH, f"//h1[contains(., '{runs[2]}')]")
    press(browser, "k")
    browser.find_element(By.XPATH, f"//h1[contains(., '{runs[1]}')]")


def test_a_copy_button_that_is_pressed_twice_gets_its_words_back(browser, mock):
    browser.get(f"{mock.url}/workflows")
    button = browser.find_element(By.CSS_SELECTOR, "button.copy")
    words = button.text
    # What would happen after a while happens when the test says so.
    browser.execute_script("window.later = []; window.setTimeout = (deed) => later.push(deed);")
    for deeds in (2, 4):
        button.click()
        until = WebDriverWait(browser, WAIT_SECONDS, 0.05).until
        until(lambda _, deeds=deeds: browser.execute_script("return later.length") == deeds)
    assert button.text != words
    browser.execute_script("for (const deed of later) deed()")
    assert button.text == words
    assert "opied" in browser.find_element(By.ID, "said").get_attribute("textContent")
    assert browser.execute_script("return document.activeElement === arguments[0]", button)
