"""Write the two screenshots of the README: ``make screenshots``.

They are taken in Chromium, of a mock on a virtual clock with made-up profiles, so that they change
only when the pages do.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import requests
from selenium import webdriver

from contracts.control_client import ControlClient
from mock_qualtrics import Settings, serve_in_thread

FOLDER: Final = Path(__file__).parents[1] / "images"
SIZE: Final = (1100, 700)  # pixels
NAMES: Final = ("Dave", "Ann", "Zoë", "Li", "Omar", "Ida")
WORKFLOW: Final = {
    "name": "Send the survey",
    "fields": [
        {"name": "email", "path": "$.identityMap.Email[0].id"},
        {"name": "firstName", "path": "$.person.name.firstName"},
    ],
    "conditions": {"all": [{"path": "$.person.name", "exists": True}]},
    "tasks": [
        {
            "name": "Invite",
            "type": "email",
            "settings": {"to": "~{aedj://email}", "subject": "Hello ~{aedj://firstName}"},
            "failProbability": 0.2,
        }
    ],
    "delay": {"kind": "uniform", "lowSeconds": 0.2, "highSeconds": 4},
}


def main() -> None:
    """Serve, export, look, and write both pictures."""
    FOLDER.mkdir(exist_ok=True)
    with serve_in_thread(Settings(seed=5)) as mock, ControlClient(mock.control_url) as control:
        tenant = control.create_tenant({"clock": "virtual", "seed": 5})
        workflow = control.add_workflow(tenant["id"], WORKFLOW)
        _export(control, tenant, workflow)
        failed = control.runs(workflow["id"], status="failed").items[0]
        with _browser() as browser:
            _take(browser, f"{mock.url}/runs?tenant={tenant['id']}&view=all", "run-history.png")
            _take(browser, f"{mock.url}/runs/{failed['id']}", "run.png")


def _export(control: ControlClient, tenant: dict[str, str], workflow: dict[str, str]) -> None:
    headers = {"X-API-TOKEN": tenant["apiToken"]}
    for number in range(24):
        name = NAMES[number % len(NAMES)]
        event = {
            "person": {"name": {"firstName": name}},
            "identityMap": {"Email": [{"id": f"{name.lower()}{number}@example.com"}]},
        }
        requests.post(workflow["triggerUrl"], json=event, headers=headers, timeout=60)
        control.advance_clock(tenant["id"], 3)
    requests.post(workflow["triggerUrl"], json={}, timeout=60)


@contextmanager
def _browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as profile:
        flags = ("--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={profile}")
        for flag in flags:
            options.add_argument(flag)
        browser = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
        try:
            yield browser
        finally:
            browser.quit()


def _take(browser: webdriver.Chrome, url: str, name: str) -> None:
    width, height = SIZE
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(url)
    browser.save_screenshot(str(FOLDER / name))


if __name__ == "__main__":
    main()
