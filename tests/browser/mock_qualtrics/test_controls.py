"""Somebody makes things go wrong on purpose, and takes the token."""

import pytest
from selenium.webdriver.common.by import By

from support.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_fault_is_added_once_its_form_is_right(browser, mock):
    person = Visitor(browser, mock.url)
    person.open("/controls")
    person.follow("status")
    person.type_in("Status", "200")
    browser.find_element(By.NAME, "when-every").send_keys("1")  # which chooses it, too
    person.press("Add the fault")
    person.sees("found 200, expected", part="status-error")
    person.type_in("Status", "503")
    person.press("Add the fault")
    person.sees("The fault was added", part="notice")
    (fault,) = mock.engine.tenants.default.faults.all()
    assert (fault.kind.name, fault.settings) == ("status", {"status": 503})
    assert fault.when.to_mapping() == {"every": 1}


def test_the_token_is_revealed_in_its_place(browser, mock):
    person = Visitor(browser, mock.url)
    person.open("/controls")
    token = mock.engine.tenants.default.api_token.reveal()
    browser.find_element(By.CSS_SELECTOR, "#api-token a").click()
    person.sees(token, part="api-token")
    assert browser.current_url.endswith("/controls")
