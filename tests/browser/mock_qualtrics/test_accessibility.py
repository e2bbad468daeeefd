"""Every page keeps axe-core's rules, in both colour schemes and at 400 pixels."""

import re
from typing import NamedTuple

import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from contracts.control_client import ControlClient
from mock_qualtrics import Settings, create_app, serve_in_thread
from support.accessibility import (
    NARROW,
    SCHEMES,
    WIDE,
    is_wider_than_the_screen,
    show_as,
    violations,
)
from support.visitor import Visitor

pytestmark = pytest.mark.browser
LEAST_PIXELS = 15  # of what can be read
PATHS = (
    "/runs",
    "/runs?view=all",
    "/runs?q=stattus:x",
    "/runs/errors",
    "/runs?view=failed-to-start",
    "/runs/{run}",
    "/runs/{run}/compare/{other}",
    "/workflows?reveal={workflow}",
    "/workflows/new",
    "/workflows/{workflow}",
    "/workflows/{workflow}/run",
    "/workflows/{workflow}/delete",
    "/refused",
    "/refused?whose=nobody",
    "/calls",
    "/calls/{call}",
    "/calls/{refused}",
    "/runs/none",
    "/overview",
    "/overview?last=10m&before=2026-01-01T00:00",
    "/controls",
    "/controls?fault=status&done=reset",
    "/controls?tenant={virtual}",
    "/controls?tenant=none",
    "/login",
)
LONG = "w" * 100
"""A word that is wider than a narrow screen."""
NO_PAGES = {
    "/",
    "/events",
    "/favicon.ico",
    "/openapi.yaml",
    "/runs.csv",
    "/runs.jsonl",
    "/runs/<run_id>/compare",
    "/runs/<run_id>/event",
    "/static/<name>",
}
"""What answers with no page of its own: a redirect, a stream or a file."""


class Wrong(NamedTuple):
    """A form that is sent with something wrong in it."""

    path: str
    label: str
    typed: str
    button: str
    said: str


WRONG_FORMS = (
    Wrong("/workflows/new", "Name", "", "Create the workflow", "1 field needs another look"),
    Wrong("/workflows/{workflow}", "Name", "", "Save and publish", "1 field needs another look"),
    Wrong("/workflows/{workflow}/run", "Event", "[]", "Run now", "expected"),
    Wrong("/controls?tenant={virtual}", "Advance by", "soon", "Advance", "Say how long"),
    Wrong("/controls", "Calls per minute", "soon", "Change", 'found "soon"'),
    Wrong("/controls?fault=status", "Status", "200", "Add the fault", "found 200"),
    Wrong("/controls", "Seed", "soon", "Create", 'found "soon"'),
    Wrong("/controls", "", "", "Reset tenant-1", "Tick the box first"),
    Wrong("/controls", "", "", "Delete tenant-1", "Tick the box first"),
)


@pytest.fixture
def browser(open_browser):
    """Stays on its page between tests: their server goes on."""
    return open_browser


@pytest.fixture(scope="module")
def mock_with_runs(left_at_the_end):
    """A mock with a run that succeeded, one that failed, refused calls and a second tenant."""
    with (
        serve_in_thread(Settings(seed=3)) as running,
        ControlClient(running.control_url) as control,
    ):
        (tenant,) = control.tenants()
        task = {"name": f"Invite{LONG}", "type": "email", "settings": {"to": "~{aedj://email}"}}
        workflow = control.add_workflow(
            tenant["id"],
            {
                "name": f"Send the survey {LONG}",
                "fields": [{"name": "email", "path": "$.identityMap.Email[0].id"}],
                "tasks": [{**task, "failFirst": 1}],
                "delay": {"kind": "fixed", "seconds": 0},
            },
        )
        event = {"identityMap": {"Email": [{"id": "dave@example.com"}]}}
        headers = {"X-API-TOKEN": tenant["apiToken"]}
        for _ in range(2):
            requests.post(workflow["triggerUrl"], json=event, headers=headers, timeout=60)
        requests.post(workflow["triggerUrl"], json=event, timeout=60)
        control.wait(tenant["id"], succeeded=1, failed=1, timeout_seconds=60)
        requests.post(f"{workflow['triggerUrl']}x", json=event, timeout=60)
        run, other, *_ = control.runs(workflow["id"]).items
        refused, *_ = control.requests(tenant["id"], reason="no-credential").items
        ids = {"call": run["requestId"], "refused": refused["requestId"], "run": run["id"]}
        ids["virtual"] = control.create_tenant({"clock": "virtual"})["id"]
        yield running, {**ids, "other": other["id"], "workflow": workflow["id"]}


@pytest.mark.parametrize("path", PATHS)
def test_a_page_breaks_no_rule(browser, mock_with_runs, path):
    mock, ids = mock_with_runs
    browser.get(mock.url + path.format(**ids))
    assert_no_rule_is_broken(browser)


@pytest.mark.parametrize("form", WRONG_FORMS, ids=lambda form: f"{form.path}-{form.button}")
def test_a_form_that_says_what_is_wrong_breaks_no_rule(browser, mock_with_runs, form):
    mock, ids = mock_with_runs
    visitor = Visitor(browser, mock.url)
    visitor.open(form.path.format(**ids))
    visitor.unfold_all_with(form.button)
    if form.label:
        visitor.type_in(form.label, form.typed)
    visitor.press(form.button)
    visitor.sees(form.said)
    assert_no_rule_is_broken(browser, [NARROW])  # without the error, the page is judged above


def test_a_wrong_login_breaks_no_rule(browser):
    with serve_in_thread(Settings(seed=3, control_token="placeholder-control-token")) as running:
        visitor = Visitor(browser, running.url)
        visitor.open("/runs")
        visitor.type_in("Control token", "wrong")
        visitor.press("Log in")
        visitor.sees("not the control token")
        assert_no_rule_is_broken(browser)


def test_somebody_with_a_keyboard_skips_the_navigation(browser, mock_with_runs):
    mock, ids = mock_with_runs
    person = Visitor(browser, mock.url)
    person.open(f"/runs/{ids['run']}")
    person.keys(Keys.TAB)
    assert person.focused() == "Skip to the contents"
    assert browser.switch_to.active_element.size["height"] > LEAST_PIXELS
    person.enter()
    person.until(lambda: person.run("return document.activeElement.id") == "main")
    person.keys(Keys.TAB)
    assert person.focused() == "Run history"
    assert browser.find_element(By.ID, "said").aria_role == "status"


def test_every_page_is_among_them():
    routes = [rule for rule in create_app().url_map.iter_rules() if "GET" in (rule.methods or ())]
    pages = {rule.rule for rule in routes if rule.endpoint.startswith("pages.")} - NO_PAGES
    assert {page for page in pages if not any(map(_pattern(page).fullmatch, PATHS))} == set()


def _pattern(rule: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"<[^>]+>", "[^/?]+", rule) + r"(\?.*)?")


def assert_no_rule_is_broken(browser, widths=(WIDE, NARROW)) -> None:
    for width in widths:
        for scheme in SCHEMES:
            show_as(browser, scheme, width)
            assert violations(browser, scheme) == [], (scheme, width)
        assert not is_wider_than_the_screen(browser), width
