"""The workflows in a real browser: made by the form with rows that the script adds, then called."""

import pytest
from selenium.webdriver.common.by import By

pytestmark = pytest.mark.browser


def press(browser, words):
    browser.find_element(By.XPATH, f"//button[normalize-space()='{words}']").click()


def type_in(browser, name, text):
    field = browser.find_element(By.ID, name)
    field.clear()
    field.send_keys(text)


def test_a_newcomer_makes_a_workflow_by_the_form_and_gets_its_curl_line(browser, mock):
    browser.get(f"{mock.url}/workflows")
    browser.find_element(By.LINK_TEXT, "New workflow").click()
    type_in(browser, "name", "Send the survey")
    press(browser, "Add a field")
    type_in(browser, "fields-0-name", "email")
    assert browser.switch_to.active_element.get_attribute("id") == "fields-0-name"
    type_in(browser, "fields-0-path", "nowhere")
    press(browser, "Create the workflow")
    assert "expected a JSONPath" in browser.find_element(By.ID, "fields-0-path-error").text
    browser.find_element(By.LINK_TEXT, "Field 1, JSONPath").click()
    type_in(browser, "fields-0-path", "$.email")
    press(browser, "Create the workflow")

    browser.find_element(By.LINK_TEXT, "Send the survey")
    (made,) = (one for one in mock.engine.tenants.default.workflows if one.name != "Rehearsal")
    assert made.version.chosen == {
        "name": "Send the survey",
        "fields": [{"name": "email", "path": "$.email"}],
    }
    token = mock.engine.tenants.default.api_token.reveal()
    card = browser.find_element(By.ID, f"curl-{made.id}")
    assert token not in card.text
    card.find_element(By.TAG_NAME, "a").click()
    shown = f"//*[@id='curl-{made.id}'][contains(., '{token}')]"
    revealed = browser.find_element(By.XPATH, shown)
    assert revealed.find_element(By.CLASS_NAME, "copy").is_displayed()
