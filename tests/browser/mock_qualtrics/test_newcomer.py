"""Somebody who has no connector yet sees runs arrive, succeed and fail, and understands each."""

import pytest
from selenium.webdriver.common.keys import Keys

from support.visitor import KeyboardVisitor, Visitor

pytestmark = pytest.mark.browser
SAMPLE = "Send a sample event"
FAILING = {
    "Send it with a wrong token": ("Wrong token.", "The API token is not this tenant's", "401"),
    "Send it to a wrong URL": ("Wrong URL.", "This URL's token names no workflow", "404"),
    "Send one whose run fails": ("Failed, because the task Invite failed",),
}


@pytest.mark.parametrize("person", [Visitor, KeyboardVisitor])
def test_a_newcomer_sees_a_run_arrive_and_repeats_it(browser, mock, person):
    newcomer = person(browser, mock.url)
    newcomer.open("/")
    newcomer.sees("No call has come in yet", "See a run arrive")
    newcomer.press(SAMPLE)
    newcomer.sees("Received", "answered 202")
    newcomer.run("window.isSamePage = true")
    newcomer.sees("Succeeded: its workflow had no task to run", part="why")
    assert newcomer.run("return window.isSamePage"), "the page was loaded again"
    newcomer.unfold("Repeat it with curl")
    newcomer.press("Copy curl line")
    newcomer.sees("Copied", part="said")
    assert mock.engine.tenants.default.workflows[0].urls(mock.url)["triggerUrl"] in pasted(newcomer)

    newcomer.follow("Run history")
    for button, said in FAILING.items():
        newcomer.follow("Controls")
        newcomer.press(button)
        newcomer.sees(*said)


def pasted(visitor: Visitor) -> str:
    """Return what was copied, as one who pastes it sees it."""
    field = visitor.field("Id of another run")
    field.send_keys(Keys.CONTROL, "v")
    return str(field.get_attribute("value"))


def test_a_newcomer_without_javascript_sees_the_same(browser, mock):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    newcomer = Visitor(browser, mock.url)
    newcomer.open("/")
    newcomer.press(SAMPLE)
    newcomer.sees("Received", "answered 202")
    newcomer.until(lambda: "Succeeded:" in reloaded(newcomer))
    newcomer.unfold("Repeat it with curl")
    newcomer.sees("curl", "$QUALTRICS_API_TOKEN")
    assert "Copy curl line" not in newcomer.reads(), "a button that does nothing"
    newcomer.follow("show the event as it came")
    newcomer.sees("@example.com", part="event")

    newcomer.follow("Workflows")
    newcomer.follow("New workflow")
    newcomer.type_in("Name", "Send the survey")
    newcomer.press("Add a field")
    newcomer.type_in("Name of field 1", "email")
    newcomer.press("Create the workflow")
    newcomer.sees("1 field needs another look")
    newcomer.type_in("JSONPath of field 1", "$.email")
    newcomer.press("Create the workflow")
    newcomer.sees("Send the survey", part="workflows")
    newcomer.follow("Run history")
    newcomer.sees("Succeeded", part="runs")
    assert newcomer.reads("live") == ""
    newcomer.follow("Controls")
    newcomer.press("Send it with a wrong token")
    newcomer.sees(*FAILING["Send it with a wrong token"])


def reloaded(visitor: Visitor) -> str:
    visitor.browser.refresh()
    return visitor.reads("why")
