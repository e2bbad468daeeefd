"""Pages that are open change by themselves: while a load runs, and across a lost connection."""

from collections.abc import Iterator

import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from contracts.control_client import ControlClient
from mock_qualtrics import Settings, serve_in_thread

pytestmark = pytest.mark.browser
WAIT_SECONDS = 60
IDS = "return [...document.querySelectorAll('#runs tbody tr')].map((row) => row.id)"


class Watched:
    """One workflow, and a browser that looks at its runs."""

    def __init__(self, browser, url: str, control: ControlClient) -> None:
        self.browser, self.url, self.control = browser, url, control
        (self.tenant,) = control.tenants()
        settings = {"name": "Survey", "delay": {"kind": "fixed", "seconds": 0}}
        self.workflow = control.add_workflow(self.tenant["id"], settings)
        self.calls = 0

    def open(self, query: str = "view=all") -> None:
        self.browser.get(f"{self.url}/runs?{query}")
        self.until(lambda: "Live" in self.state())

    def call(self, count: int) -> None:
        with requests.Session() as session:
            session.headers["X-API-TOKEN"] = self.tenant["apiToken"]
            for number in range(count):
                event = {"number": self.calls + number}
                session.post(self.workflow["triggerUrl"], json=event, timeout=60).raise_for_status()
        self.calls += count
        self.control.wait(self.tenant["id"], succeeded=self.calls, timeout_seconds=WAIT_SECONDS)

    def newest(self) -> list[str]:
        runs = self.control.runs(self.workflow["id"], limit=50)
        return [run["id"] for run in runs.items]

    def shown(self) -> list[str]:
        return list(self.browser.execute_script(IDS))

    def state(self) -> str:
        return str(self.browser.execute_script("return document.getElementById('live').innerText"))

    def until(self, condition) -> None:
        WebDriverWait(self.browser, WAIT_SECONDS, 0.05).until(lambda _: condition())

    def until_all_is_shown(self) -> None:
        newest = self.newest()
        self.until(lambda: self.shown() == newest)


@pytest.fixture
def watched(browser, mock) -> Iterator[Watched]:
    with ControlClient(mock.control_url) as control:
        yield Watched(browser, mock.url, control)


def test_runs_appear_while_a_load_runs_and_nothing_else_moves(watched):
    watched.call(3)
    watched.open()
    mark = "document.querySelector('#runs tbody tr:last-of-type').dataset.kept = 'mark'"
    watched.browser.execute_script(mark)
    watched.browser.find_element(By.CSS_SELECTOR, "#search-help summary").click()
    watched.browser.find_element(By.ID, "q").send_keys("half a sea")
    watched.call(20)
    watched.until_all_is_shown()
    kept = "return document.querySelector('#runs tbody tr:last-of-type').dataset.kept"
    assert watched.browser.execute_script(kept) == "mark"
    assert watched.browser.find_element(By.ID, "q").get_attribute("value") == "half a sea"
    assert watched.browser.find_element(By.ID, "search-help").get_attribute("open")
    watched.call(100)
    watched.until_all_is_shown()


def test_a_paused_page_stays_and_says_that_there_is_more(watched):
    watched.call(1)
    watched.open()
    watched.browser.find_element(By.CSS_SELECTOR, "#live button").click()
    before = watched.shown()
    watched.call(2)
    watched.until(lambda: "there is something new" in watched.state())
    assert watched.shown() == before
    watched.browser.find_element(By.CSS_SELECTOR, "#live button").click()
    watched.until_all_is_shown()


def test_a_refused_call_changes_the_counts(watched):
    watched.open()
    requests.post(watched.workflow["triggerUrl"], json={}, timeout=60)
    counts = watched.browser.find_element(By.ID, "counts")
    watched.until(lambda: "refused 1" in counts.text)


def test_nothing_is_missed_while_the_server_is_away(browser, tmp_path):
    settings = Settings(seed=3, store=f"sqlite:///{tmp_path / 'mock.db'}")
    with serve_in_thread(settings) as first, ControlClient(first.control_url) as control:
        watched = Watched(browser, first.url, control)
        watched.call(2)
        watched.open()
        watched.until_all_is_shown()
    watched.until(lambda: "Connection lost" in watched.state())
    port = int(first.url.rpartition(":")[2])
    with serve_in_thread(settings, port=port), ControlClient(first.control_url) as control:
        watched.control = control
        watched.call(5)
        watched.until_all_is_shown()
        watched.until(lambda: "Live" in watched.state())


def test_a_page_says_that_its_tenant_was_deleted(watched):
    tenant = watched.control.create_tenant()
    watched.open(f"tenant={tenant['id']}")
    watched.control.delete_tenant(tenant["id"])
    watched.until(lambda: "This tenant was deleted" in watched.state())
    assert "Reload" in watched.state()


def test_somebody_whose_login_ended_is_told_and_the_page_stays(browser):
    settings = Settings(seed=3, control_token="placeholder-control-token")
    with (
        serve_in_thread(settings) as mock,
        ControlClient(mock.control_url, control_token="placeholder-control-token") as control,
    ):
        browser.get(f"{mock.url}/login")
        field = browser.find_element(By.NAME, "token")
        field.send_keys("placeholder-control-token")
        field.submit()
        watched = Watched(browser, mock.url, control)
        watched.until(lambda: browser.current_url.endswith("/runs"))
        watched.open()
        browser.delete_all_cookies()
        watched.call(1)
        watched.until(lambda: "Logged out" in watched.state())
        assert browser.find_element(By.ID, "runs")


def test_a_page_whose_stream_is_refused_looks_for_itself(watched):
    refused = """
        const Open = EventSource;
        window.EventSource = class extends Open {
          constructor(url) { super("/events?tenant=none"); }
        };
    """
    added = watched.browser.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": refused}
    )
    try:
        watched.browser.get(f"{watched.url}/runs?view=all")
        watched.until(lambda: "Not live" in watched.state())
        watched.call(2)
        watched.until_all_is_shown()
    finally:
        watched.browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
