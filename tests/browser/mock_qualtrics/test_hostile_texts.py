"""Whatever comes over the wire or stands in an address is shown as text: nothing of it runs."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests

from contracts.control_client import ControlClient
from mock_qualtrics import Settings, serve_in_thread
from support.accessibility import NARROW, is_wider_than_the_screen, show_as
from support.visitor import Visitor

pytestmark = pytest.mark.browser
# A page that lets one of these out of its place makes an element or an attribute "struck".
MARKUP = (
    """\"' struck="1" struck='1'></textarea></title></script></pre><struck></struck>"""
    "<script>struck = 1</script><img struck src=//127.0.0.1:9/x onerror=struck=1>"
    "<a struck href=javascript:struck=1>{{ 7 * 7 }}</a>"
)
STRANGE = "\x01\x1b[31m\x7f\x85 \u202e txt.exe \u2066 \u200f \u2028 \ufeff \U0001f4a5"
LONG = "W" * 10_000
WIRE = MARKUP + STRANGE
FIELD = MARKUP.replace(" ", "/").replace("{", "").replace("}", "") + "\u202e"  # it has neither
SCRIPT_URL = "javascript:window.struck=1//"
WORKFLOW = {
    "name": WIRE,
    "fields": [
        {"name": FIELD, "path": f"$[{json.dumps(MARKUP)}]"},
        {"name": LONG, "path": "$.long"},
        {"name": "none", "path": f"$.{LONG[:1990]}"},
        {"name": "link", "path": "$.link"},
    ],
    "conditions": {
        "any": [
            {"path": f"$[{json.dumps(MARKUP)}]", "equals": WIRE},
            {"path": "$.long", "equals": LONG},
        ]
    },
    "tasks": [
        {"name": WIRE, "type": "email", "settings": {WIRE: [f"~{{aedj://{FIELD}}}", LONG]}},
        {"name": LONG, "type": "web_service", "settings": {"url": SCRIPT_URL}, "failFirst": 1},
    ],
    "delay": {"kind": "fixed", "seconds": 0},
}
EVENT = {
    WIRE: WIRE,
    MARKUP: WIRE,
    LONG: SCRIPT_URL,
    "long": LONG,
    "link": SCRIPT_URL,
    "identityMap": {WIRE: [{"id": WIRE}], "Email": [{"id": LONG}, {"id": f"<struck>@{WIRE}"}]},
}
PATHS = (
    "/runs?view=all&reveal={run}",
    "/runs?q={markup}",
    "/runs?q=status:{markup}",
    "/runs?q={long}",
    "/runs/errors",
    "/runs/{run}?reveal=event",
    "/runs/{run}?q={markup}",
    "/runs/{run}/compare/{other}",
    "/runs/{markup}",
    "/workflows",
    "/workflows?q={markup}&state={markup}",
    "/workflows/{workflow}",
    "/workflows/{workflow}/run",
    "/workflows/{workflow}/delete",
    "/refused",
    "/refused?whose=nobody",
    "/refused?traceId={markup}&reason={markup}",
    "/calls",
    "/calls/{not_json}?reveal=body",
    "/calls/{stray}",
    "/overview",
    "/overview?last={markup}&before={markup}",
    "/controls?fault={markup}&done={markup}",
)
FORMS = (
    ("/workflows/new", "Name", "Create the workflow"),
    ("/workflows/{workflow}/run", "Event", "Run now"),
    ("/controls", "Calls per minute", "Change"),
    ("/controls?fault=status", "Status", "Add the fault"),
)
STRUCK = """
const elements = [...document.querySelectorAll("*")];
const shown = (found) => found.map((one) => one.outerHTML.slice(0, 200));
const foreign = (urls) => urls.filter((url) => new URL(url).origin !== location.origin);
const isHandler = ({ name }) => name.startsWith("on") || name === "style";
return {
  ran: "struck" in window,
  letIn: shown(elements.filter((one) => one.matches("struck, [struck], img, body script"))),
  handlers: shown(elements.filter((one) => [...one.attributes].some(isHandler))),
  addresses: foreign(elements.flatMap((one) => [one.href, one.action, one.src])
    .filter((url) => url && typeof url === "string")),
  loaded: foreign(performance.getEntriesByType("resource").map((one) => one.name)),
};
"""
NOTHING: dict[str, Any] = {
    "ran": False,
    "letIn": [],
    "handlers": [],
    "addresses": [],
    "loaded": [],
}


@pytest.fixture
def browser(open_browser):
    """Stays on its page between tests: their server goes on."""
    return open_browser


@pytest.fixture(scope="module")
def told(left_at_the_end) -> Iterator[tuple[str, dict[str, str]]]:
    """A mock to which everything was told that it takes, and the ids of what became of it."""
    with serve_in_thread(Settings(seed=3)) as mock, ControlClient(mock.control_url) as control:
        (tenant,) = control.tenants()
        workflow = control.add_workflow(tenant["id"], WORKFLOW)
        control.add_workflow(tenant["id"], {"name": LONG, "draft": True})
        headers = {
            "X-API-TOKEN": tenant["apiToken"],
            "X-Trace-Id": MARKUP,
            "User-Agent": MARKUP,
            "X-'`!": MARKUP,
        }

        def send(url: str, body: bytes = json.dumps(EVENT).encode()) -> None:
            requests.post(url, body, headers=headers, timeout=60)

        for _ in range(2):
            send(workflow["triggerUrl"])
        send(workflow["triggerUrl"], WIRE.encode() + b"\xff\x00")
        send(f"{workflow['triggerUrl']}&{quote(WIRE)}={LONG[:1_000]}")
        send(f"{mock.url}/{quote(WIRE, safe='')}/{SCRIPT_URL}?{MARKUP}")
        del headers["X-API-TOKEN"]
        send(f"{mock.url}/{quote(WIRE, safe='')}/{SCRIPT_URL}?{MARKUP}")
        control.wait(tenant["id"], succeeded=2, failed=1, timeout_seconds=60)
        run, other, *_ = control.runs(workflow["id"]).items
        (not_json,) = control.requests(tenant["id"], reason="not-json").items
        stray, *_ = control.unattributed().items
        yield (
            mock.url,
            {
                "run": run["id"],
                "other": other["id"],
                "workflow": workflow["id"],
                "not_json": not_json["requestId"],
                "stray": stray["requestId"],
                "markup": quote(WIRE, safe=""),
                "long": LONG,
            },
        )


@pytest.mark.parametrize("path", PATHS)
def test_nothing_that_was_told_runs_on_a_page(browser, told, path):
    url, given = told
    show_as(browser, "light", NARROW)
    Visitor(browser, url).open(path.format(**given))
    assert_nothing_is_struck(browser)


@pytest.mark.parametrize(("path", "label", "button"), FORMS)
def test_nothing_that_is_typed_runs_in_the_answer(browser, told, path, label, button):
    url, given = told
    show_as(browser, "light", NARROW)
    person = Visitor(browser, url)
    person.open(path.format(**given))
    person.unfold_all_with(button)
    person.run("arguments[0].value = arguments[1]", person.field(label), MARKUP + LONG)
    person.press(button)
    person.sees("<struck>")
    assert_nothing_is_struck(browser)


def assert_nothing_is_struck(browser) -> None:
    assert browser.execute_script(STRUCK) == NOTHING
    assert not is_wider_than_the_screen(browser)
