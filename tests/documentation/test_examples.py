"""The Python that documents and docstrings show runs as written."""

import doctest
import importlib
import json
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

ROOT = Path(__file__).parents[2]
PACKAGES = ("contracts", "sender", "mock_qualtrics")
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def modules_with_examples() -> list[str]:
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    return [
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in files
        if ">>> " in file.read_text("utf-8")
    ]


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples_in_docstrings_give_what_they_show(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert (found.failed, found.attempted > 0) == (0, True)


def test_the_readmes_test_passes_with_a_connector_that_works(qualtrics) -> None:
    message = json.loads((ROOT / "tests/data/destination-page/message.json").read_text("utf-8"))

    def export(url: str, username: str, token: str) -> None:
        for _ in range(3):
            requests.post(url, json=message, auth=(username, token), timeout=60).raise_for_status()

    (example,) = PYTHON_BLOCK.findall((ROOT / "README.md").read_text("utf-8"))
    names = {"my_connector": SimpleNamespace(export=export)}
    exec(compile(example, "README.md", "exec"), names)
    names["test_export"](qualtrics)


CONNECTOR = """
import requests

def export(url, username, token):
    for _ in range(3):
        try:
            message = {"person": {"name": {"firstName": "Dave"}}}
            return requests.post(url, json=message, auth=(username, token), timeout=60)
        except requests.ConnectionError:
            continue

def send(message, url, username, token):
    return requests.post(url, json=message, auth=(username, token), timeout=60)

def deliver(bodies, url, username, token, sleep):
    headers = {"Content-Type": "application/json"}
    for body in bodies:
        while True:
            auth = (username, token)
            answer = requests.post(url, data=body, auth=auth, headers=headers, timeout=60)
            if answer.status_code != 429:
                break
            sleep(1)
    return answer.ok
"""
CHOSEN = "not conformance or happy-path or rate-limited"


def test_the_plugins_examples_pass_in_a_session_of_their_own(tmp_path: Path) -> None:
    examples = PYTHON_BLOCK.findall((ROOT / "docs/pytest.md").read_text("utf-8"))
    (tmp_path / "my_connector.py").write_text(CONNECTOR, "utf-8")
    source = "\n\n".join(["import my_connector", *examples])
    (tmp_path / "test_it.py").write_text(source, "utf-8")
    # Loading all that happens to be installed takes longer than the examples.
    names = {plugin.name for plugin in entry_points(group="pytest11")} - {"mock_qualtrics"}
    without = [f"-pno:{name}" for name in ("cacheprovider", *sorted(names))]
    command = [sys.executable, "-m", "pytest", "-q", *without, "-k", CHOSEN, "test_it.py"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert "6 passed" in done.stdout, done.stdout
