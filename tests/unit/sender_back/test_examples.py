"""The examples in the sender's docstrings run, and the public classes have one."""

import doctest
import importlib
import pkgutil

import pytest

import sender

MODULES = sorted(
    found.name for found in pkgutil.walk_packages(sender.__path__, prefix="sender.") if found.name
)
SHOWN = ("Dataflow", "Exporter", "Report", "RetryPolicy", "ExportStoppedError")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", SHOWN)
def test_a_public_class_shows_an_example(name):
    assert ">>> " in getattr(sender, name).__doc__
