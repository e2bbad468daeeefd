"""Somebody watches a load: pauses, follows and searches, while the server is started again."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
import requests
from selenium.webdriver.common.by import By

from contracts.control_client import ControlClient
from mock_qualtrics import Settings, serve_in_thread
from mock_qualtrics.web.pages.history.run_list import PAGE_ROWS
from support.visitor import WAIT_SECONDS, Visitor

pytestmark = pytest.mark.browser
PACE_SECONDS = 0.05  # between two calls of the load, once a page is full
IDS = "return [...document.querySelectorAll('#runs tbody tr')].map((row) => row.id)"
Document = dict[str, Any]


class Load(threading.Thread):
    """Calls one after another until it is stopped, also while the server is away."""

    def __init__(self, tenant: Document, workflow: Document) -> None:
        super().__init__()
        self.url, self.headers = workflow["triggerUrl"], {"X-API-TOKEN": tenant["apiToken"]}
        self.stopped = threading.Event()

    def stop(self) -> None:
        self.stopped.set()
        self.join(WAIT_SECONDS)

    def run(self) -> None:
        for number in itertools.count():
            if self.stopped.wait(PACE_SECONDS if number > PAGE_ROWS else 0):
                return
            event = {"number": number, "parity": ("even", "odd")[number % 2]}
            with suppress(requests.ConnectionError):
                requests.post(self.url, json=event, headers=self.headers, timeout=WAIT_SECONDS)


@pytest.fixture
def load() -> Iterator[Callable[[Document, Document], Load]]:
    """Starts a load, which is stopped at the end at the latest."""
    with ExitStack() as started:

        def start(tenant: Document, workflow: Document) -> Load:
            load = Load(tenant, workflow)
            started.callback(load.stop)
            load.start()
            return load

        yield start


def test_a_load_is_watched_across_a_restart_and_nothing_is_missed(browser, load, tmp_path):
    settings = Settings(seed=3, store=f"sqlite:///{tmp_path / 'mock.db'}")
    with serve_in_thread(settings) as first, ControlClient(first.control_url) as control:
        (tenant,) = control.tenants()
        quick = {"name": "Survey", "delay": {"kind": "fixed", "seconds": 0}}
        workflow = control.add_workflow(tenant["id"], quick)
        person = Visitor(browser, first.url)
        person.open("/runs?view=all")
        running = load(tenant, workflow)
        pause_and_follow(person)
        person.keys("/", "odd")
        person.enter()
        person.sees("Show all", "Succeeded")
    person.sees("Connection lost", part="live")
    before = shown(person)

    port = int(first.url.rpartition(":")[2])
    with serve_in_thread(settings, port=port), ControlClient(first.control_url) as control:
        person.until(lambda: shown(person) != before)
        running.stop()
        runs = [*control.all_runs(workflow["id"])]
        odd = [run["id"] for run in runs if run["event"]["parity"] == "odd"]
        person.until(lambda: shown(person) == odd[:PAGE_ROWS])
        person.follow("Show all")
        every = [run["id"] for run in runs]
        person.until(lambda: shown(person) == every[:PAGE_ROWS])
        assert shown_page_by_page(person) == every
        walk_by_keys(person, every)


def pause_and_follow(person: Visitor) -> None:
    person.until(lambda: len(shown(person)) == PAGE_ROWS)
    person.press("Pause")
    paused = shown(person)
    person.sees("there is something new", part="live")
    assert shown(person) == paused
    person.press("Follow")
    person.until(lambda: shown(person) != paused)


def shown_page_by_page(person: Visitor) -> list[str]:
    """Return all runs that somebody sees who pages on to the oldest one."""
    seen = shown(person)
    while person.browser.find_elements(By.LINK_TEXT, "Older runs"):
        person.follow("Older runs")
        person.until(lambda before=frozenset(seen): before.isdisjoint(shown(person)))
        seen += shown(person)
    return seen


def walk_by_keys(person: Visitor, every: list[str]) -> None:
    person.follow("Newest runs")
    person.until(lambda: shown(person) == every[:PAGE_ROWS])
    person.keys("j", "j", "k")
    person.enter()
    person.sees(every[0])
    person.keys("j")
    person.sees(every[1])
    person.keys("k")
    person.sees(every[0])


def shown(person: Visitor) -> list[str]:
    return list(person.run(IDS))
