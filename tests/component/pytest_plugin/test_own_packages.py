"""A project with packages of the same names as ours is told so, by commands and plugin."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import qualtrics_commands
from mock_qualtrics import pytest_plugin

ROOT = Path(__file__).parents[3]
DEADLINE_SECONDS = 300


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with packages of its own, which come first on the path."""
    for name in ("contracts", "sender"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("MINE = True\n")
    return tmp_path


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": f"{project}{os.pathsep}{ROOT}",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


@pytest.mark.parametrize(
    ("start", "hidden"),
    [
        ("mock", "contracts"),
        ("sender", "sender"),
        ("contracts", "contracts"),
        ("load", "contracts"),
    ],
)
def test_a_command_says_in_one_sentence_which_package_hides_its_own(project, start, hidden):
    done = run(project, "-c", f"import qualtrics_commands; qualtrics_commands.{start}()")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: the package `{hidden}` is {project / hidden} here, a project's")
    assert "`env -u PYTHONPATH " in line
    assert "docs/own-packages.md" in line


def test_a_module_started_by_its_name_says_so_too(project):
    done = run(project, "-m", "mock_qualtrics", "serve")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: the package `contracts` is ")


def test_only_tests_that_ask_for_the_fixture_fail_in_such_a_project(project):
    (project / "test_it.py").write_text(
        "from contracts import MINE\n"
        "def test_mine(): assert MINE\n"
        "def test_with_the_fixture(qualtrics): pass\n"
    )
    plugin = ("-p", "mock_qualtrics.pytest_plugin", "-p", "no:cacheprovider")
    done = run(project, "-m", "pytest", "-q", *plugin, "test_it.py")
    assert "1 passed, 1 error" in done.stdout, done.stdout + done.stderr
    said = " ".join(done.stdout.split())
    assert f"the fixture `qualtrics`: the package `contracts` is {project}/contracts here" in said
    assert "run the mock as a process, as `mock-qualtrics exec -- pytest` does" in said
    assert "ModuleNotFoundError" not in said


def test_nothing_is_hidden_where_nothing_hides_it(monkeypatch):
    names = ("contracts", "sender", "mock_qualtrics", "loadtests")
    assert qualtrics_commands.hidden(*names) == ""
    assert qualtrics_commands.is_own("contracts")
    assert "`no_such_package` is hidden here" in qualtrics_commands.hidden("no_such_package")
    monkeypatch.setattr(sys.modules["contracts"], "__spec__", None)
    assert "`contracts` is hidden here" in qualtrics_commands.hidden("contracts")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ModuleNotFoundError: No module named 'contracts.orders'", ["contracts"]),
        ("ImportError: cannot import name 'Mail' from 'sender' (/x/__init__.py)", ["sender"]),
        ("ModuleNotFoundError: No module named 'contractors'", []),
        ("AssertionError: contracts", []),
    ],
)
def test_tests_that_our_packages_break_are_told_why(monkeypatch, text, found):
    monkeypatch.setattr(pytest_plugin, "_hiding", set())
    pytest_plugin._note_hiding(text)
    sentences = pytest_plugin._hiding_sentences()
    assert [name for name in ("contracts", "sender") if f"`{name}`" in str(sentences)] == found
    assert len(sentences) == len(found)


@pytest.mark.parametrize("module", ["sender", "contracts"])
def test_each_package_is_run_by_its_name(module):
    done = run(ROOT, "-m", module, "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert "version" in done.stdout


def test_a_conftest_that_our_package_breaks_is_told_why(project):
    (project / "conftest.py").write_text("import contracts.orders\n")
    for name in ("contracts", "sender"):
        (project / name / "__init__.py").unlink()  # ours comes first: a folder alone hides nothing
    plugin = ("-p", "mock_qualtrics.pytest_plugin", "-p", "no:cacheprovider")
    done = run(project, "-m", "pytest", "-q", *plugin)
    assert "mock-qualtrics: `contracts` is the package of mock-qualtrics" in done.stderr


@pytest.mark.parametrize("words", [["mock", "openapi"], ["contracts", "schema", "run"]])
def test_a_full_disk_gets_one_clear_error(words):
    start = "import qualtrics_commands, sys; getattr(qualtrics_commands, sys.argv.pop(1))()"
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", start, *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
    assert done.stderr == "Error: the output cannot be written: no space is left\n"
    assert done.returncode == 1


COMMANDS = {
    "mock": "mock_qualtrics",
    "sender": "sender",
    "contracts": "contracts",
    "load": "loadtests",
}


@pytest.mark.parametrize(("command", "module"), COMMANDS.items())
def test_a_command_whose_streams_the_shell_has_closed_works_silently(monkeypatch, command, module):
    streams = []
    monkeypatch.setattr(f"{module}.cli.main", lambda **_: streams.extend((sys.stdout, sys.stderr)))
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    getattr(qualtrics_commands, command)()
    for stream in streams:
        assert not stream.isatty()
        stream.close()
    assert len(streams) == 2
