"""What takes longer is told on standard error: once, and on a terminal again and again."""

import sys
import threading

import pytest

from loadtests.commands.working import working

PATIENCE_SECONDS = 60  # only a test that fails waits so long


class Asked:
    """Says what is being done, and lets a test wait until it was asked so often."""

    def __init__(self, times: int) -> None:
        self._left = times
        self.enough = threading.Event()

    def __call__(self) -> str:
        self._left -= 1
        if not self._left:
            self.enough.set()
        return "reading \x1b[2J rows"


def test_what_is_quick_is_not_told(capsys):
    with working(lambda: "computing", after_seconds=PATIENCE_SECONDS):
        pass
    assert capsys.readouterr().err == ""


def test_off_a_terminal_it_is_told_once(capsys):
    asked = Asked(1)
    with working(asked, after_seconds=0):
        assert asked.enough.wait(PATIENCE_SECONDS)
    assert capsys.readouterr().err == "reading \\u001b[2J rows\n"


def test_on_a_terminal_the_line_is_written_anew_and_erased(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("loadtests.commands.working._EVERY_SECONDS", 0.01)
    asked = Asked(2)
    with working(asked, after_seconds=0):
        assert asked.enough.wait(PATIENCE_SECONDS)
    shown = capsys.readouterr().err
    assert shown.count("rows … 0 s") >= 2
    assert shown.endswith("\r\x1b[K")


def test_an_error_comes_through(capsys):
    with pytest.raises(KeyboardInterrupt), working(lambda: "computing"):
        raise KeyboardInterrupt
    assert capsys.readouterr().err == ""
