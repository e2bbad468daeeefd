"""Judge a page in a browser by axe-core's accessibility rules."""

from functools import cache
from importlib import resources
from typing import Any

from selenium import webdriver

SCHEMES = ("light", "dark")
NARROW, WIDE = 400, 1200  # pixels
_COLOUR_RULES = ["color-contrast", "link-in-text-block"]
_RUN = """
const [options, done] = arguments;
axe.run({ ...options, resultTypes: ["violations"] })
  .then(({ violations }) => done({ violations }), (error) => done({ error: String(error) }));
"""


@cache
def _axe() -> str:
    script = resources.files("selenium_axe_python") / "axe-core" / "axe.min.js"
    return script.read_text("utf-8")


def show_as(browser: webdriver.Chrome, scheme: str, width: int) -> None:
    """Have the browser show pages in a colour scheme and at a width, in pixels."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def violations(browser: webdriver.Chrome, scheme: str = SCHEMES[0]) -> list[str]:
    """Return the rules that the page breaks, each with the first element that does.

    A scheme changes colours alone, so that only the first one is judged by all rules.
    """
    if not browser.execute_script("return 'axe' in window"):
        browser.execute_script(_axe())
    found: dict[str, Any] = browser.execute_async_script(
        _RUN, {} if scheme == SCHEMES[0] else {"runOnly": _COLOUR_RULES}
    )
    assert "error" not in found, found
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


def is_wider_than_the_screen(browser: webdriver.Chrome) -> bool:
    """Return whether one has to scroll sideways."""
    return bool(
        browser.execute_script(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    )
