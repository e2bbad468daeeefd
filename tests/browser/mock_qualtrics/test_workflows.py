"""The workflows in a real browser: made by the form with rows that the script adds, then called."""

import pytest
from selenium.webdriver.common.by import By

from support.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_newcomer_makes_a_workflow_by_the_form_and_gets_its_curl_line(browser, mock):
    newcomer = Visitor(browser, mock.url)
    newcomer.open("/workflows")
    newcomer.follow("New workflow")
    newcomer.type_in("Name", "Send the survey")
    newcomer.press("Add a field")
    newcomer.until(lambda: newcomer.field("Name of field 1") == browser.switch_to.active_element)
    newcomer.keys("email")
    newcomer.type_in("JSONPath of field 1", "nowhere")
    newcomer.press("Create the workflow")
    newcomer.sees("expected a JSONPath", part="fields-0-path-error")
    newcomer.follow("Field 1, JSONPath")
    newcomer.type_in("JSONPath of field 1", "$.email")
    newcomer.press("Create the workflow")

    newcomer.sees("Send the survey", part="workflows")
    (made,) = (one for one in mock.engine.tenants.default.workflows if one.name != "Rehearsal")
    assert made.version.chosen == {
        "name": "Send the survey",
        "fields": [{"name": "email", "path": "$.email"}],
    }
    token = mock.engine.tenants.default.api_token.reveal()
    line = f"curl-{made.id}"
    assert token not in newcomer.reads(line)
    browser.find_element(By.CSS_SELECTOR, f"#{line} a").click()
    newcomer.sees(token, "Copy curl line", part=line)
