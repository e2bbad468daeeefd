"""One Chromium for all browser tests of a worker; each test gets it without cookies."""

import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest
from selenium import webdriver

from mock_qualtrics import Settings, serve_in_thread

CHROMIUM, CHROMEDRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",  # a container's is too small for a page, now and then
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_SECONDS = 60


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    missing = [program for program in (CHROMIUM, CHROMEDRIVER) if not shutil.which(program)]
    if missing and not os.environ.get("REQUIRE_BROWSER"):
        pytest.skip(f"needs {', '.join(missing)}")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with tempfile.TemporaryDirectory() as profile:
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        driver = webdriver.Chrome(options, webdriver.ChromeService(CHROMEDRIVER))
        try:
            yield driver
        finally:
            driver.quit()


@pytest.fixture
def open_browser(chromium) -> Iterator[webdriver.Chrome]:
    """The browser, of which the page may complain about nothing: no script error, no refusal.

    Its page stays open, for the tests of a module that has one server and `left_at_the_end`.
    """
    chromium.implicitly_wait(WAIT_SECONDS)
    chromium.get_log("browser")
    yield chromium
    complaints = [
        entry["message"]
        for entry in chromium.get_log("browser")
        if entry["level"] == "SEVERE" and "Failed to load resource" not in entry["message"]
    ]
    chromium.delete_all_cookies()
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert complaints == []


@pytest.fixture
def browser(open_browser) -> Iterator[webdriver.Chrome]:
    """The browser, which leaves its page at the end of the test."""
    yield open_browser
    leave(open_browser)


@pytest.fixture(scope="module")
def left_at_the_end(chromium) -> Iterator[None]:
    """Has the browser leave its page after the tests of a module."""
    yield
    leave(chromium)


def leave(browser: webdriver.Chrome) -> None:
    """Leave a page: its script would go on calling the server's port, perhaps another one's."""
    browser.get("about:blank")


@pytest.fixture
def mock():
    with serve_in_thread(Settings(seed=3)) as running:
        yield running
