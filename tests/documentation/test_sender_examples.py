"""The examples in the sender's docstrings and document run, and each public name has one."""

import doctest
import functools
import importlib
import pkgutil
import re
import typing
from pathlib import Path

import pytest

import sender
from contracts.validation import schema
from sender import events, metrics

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "sender.md"
MODULES = sorted(
    found.name for found in pkgutil.walk_packages(sender.__path__, prefix="sender.") if found.name
)
EVENTS = [kind.__name__ for kind in typing.get_args(events.Event)]
METRICS = [metrics.PrometheusMetrics.__name__, metrics.serve_metrics.__name__]


@functools.cache
def examples() -> str:
    """Return the source of every example there is."""
    found = [doctest.DocTestParser().get_examples(DOCUMENT.read_text("utf-8"))]
    for name in MODULES:
        tests = doctest.DocTestFinder().find(importlib.import_module(name))
        found += [test.examples for test in tests]
    return "".join(example.source for group in found for example in group)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_examples_of_the_document_run(qualtrics, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = doctest.testfile(str(DOCUMENT), module_relative=False, globs={"qualtrics": qualtrics})
    assert (done.failed, done.attempted > 0) == (0, True)


@pytest.mark.parametrize("name", [*sender.__all__, *EVENTS, *METRICS])
def test_a_public_name_is_shown_in_an_example(name):
    assert re.search(rf"\b{name}\b", examples())


def test_the_document_lists_every_event():
    text = DOCUMENT.read_text("utf-8")
    listed = set(re.findall(r"^\| `([A-Z]\w+)` \| .+ \| .+ \|$", text, re.MULTILINE))
    assert listed == set(EVENTS)


def test_the_document_lists_every_metric_and_every_status():
    text = DOCUMENT.read_text("utf-8")
    counted = {family.name for family in metrics.PrometheusMetrics().registry.collect()}
    listed = set(re.findall(r"^\| `(sender_\w+)`", text, re.MULTILINE))
    assert {name.removesuffix("_total") for name in listed} == counted
    statuses = schema("report")["properties"]["status"]["enum"]
    assert set(re.findall(r"^\| `([A-Z]\w+)` \| [^|]+ \|$", text, re.MULTILINE)) == set(statuses)
