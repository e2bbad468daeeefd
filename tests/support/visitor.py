"""Somebody in front of a browser, who finds things by what can be read there."""

from collections.abc import Callable
from typing import Any, TypeVar

from selenium import webdriver
from selenium.common.exceptions import (
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

T = TypeVar("T")
WAIT_SECONDS = 60  # only a test that fails waits so long
_POLL_SECONDS = 0.05
_MOST_TABS = 100
# What a page says in answer may arrive while one looks.
_MEANWHILE = (
    AssertionError,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
_BUTTON = "//button[normalize-space()={0} or @aria-label={0}]"
_FIELD = (
    "//label[normalize-space(text()[1])={0}]//*[self::input or self::select or self::textarea]"
    " | //*[@id=//label[normalize-space(text()[1])={0}]/@for]"
    " | //*[self::input or self::select][@aria-label={0}]"
)
_LINK = "//a[normalize-space()={0} or @aria-label={0}]"
_UNFOLD = """
for (const button of document.querySelectorAll("details button")) {
  if (button.textContent === arguments[0]) button.closest("details").open = true;
}
"""
_SUMMARY = "//summary[normalize-space()={0}]"


class Visitor:
    """A person at a browser."""

    def __init__(self, browser: webdriver.Chrome, url: str) -> None:
        self.browser, self.url = browser, url
        browser.implicitly_wait(0)  # what is looked for is waited for here

    def open(self, path: str) -> None:
        self.browser.get(self.url + path)

    def press(self, words: str) -> None:
        """Press the button that says so."""
        self._click(_BUTTON, words)

    def follow(self, words: str) -> None:
        """Follow the link that says so."""
        self._click(_LINK, words)

    def unfold(self, words: str) -> None:
        """Open the part of the page that has this summary."""
        self._click(_SUMMARY, words)

    def unfold_all_with(self, button: str) -> None:
        """Open the parts of the page that have this button in them."""
        self.run(_UNFOLD, button)

    def type_in(self, label: str, text: str) -> None:
        """Type a text into the field with a label, instead of what is in it."""

        def typed() -> None:
            field = self.field(label)
            field.clear()
            field.send_keys(text)

        self.until(typed)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of the list with a label, as one does by typing its beginning."""
        self.until(lambda: self.field(label).send_keys(option))

    def field(self, label: str) -> WebElement:
        """Return the field with a label."""
        return self._found(_FIELD, label)

    def keys(self, *pressed: str) -> None:
        """Press keys, wherever the focus is."""
        for key in pressed:
            self.browser.switch_to.active_element.send_keys(key)

    def enter(self) -> None:
        """Press Enter, wherever the focus is."""
        self.keys(Keys.ENTER)

    def focused(self) -> str:
        """Return what the element that has the focus says."""
        element = self.browser.switch_to.active_element
        return element.text or element.get_attribute("aria-label") or ""

    def reads(self, identifier: str = "main") -> str:
        """Return the text of a part of the page."""
        return self.browser.find_element(By.ID, identifier).text

    def sees(self, *texts: str, part: str = "main") -> str:
        """Wait until a part of the page says all of these; return what it says."""

        def text() -> str:
            shown = self.reads(part)
            missing = [text for text in texts if text not in shown]
            assert not missing, f"{missing} is not in: {shown}"
            return shown

        return self.until(text)

    def until(self, look: Callable[[], T]) -> T:
        """Return what it returns, once it neither fails nor returns False."""
        failed: Exception | None = None

        def looked(_: object) -> tuple[T] | None:
            nonlocal failed
            try:
                found = look()
            except _MEANWHILE as error:
                failed = error
                return None
            return None if found is False else (found,)

        try:
            (found,) = WebDriverWait(self.browser, WAIT_SECONDS, _POLL_SECONDS).until(looked)
        except TimeoutException as error:
            raise failed or error from None
        return found

    def _click(self, path: str, words: str) -> None:
        self.until(lambda: self._found(path, words).click())

    def _found(self, path: str, words: str) -> WebElement:
        return self.browser.find_element(By.XPATH, path.format(_quoted(words)))

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401  whatever it returns
        """Return what a script in the page returns."""
        return self.browser.execute_script(script, *arguments)


class KeyboardVisitor(Visitor):
    """A person without a mouse: goes to each thing by Tab, and presses it by Enter."""

    def _click(self, path: str, words: str) -> None:
        wanted = self.until(lambda: self._found(path, words))
        for _ in range(_MOST_TABS):
            if self.run("return document.activeElement === arguments[0]", wanted):
                return self.enter()
            ActionChains(self.browser).send_keys(Keys.TAB).perform()
        raise AssertionError(f"Tab does not lead to {words}")


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"
