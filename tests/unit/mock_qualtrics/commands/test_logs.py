"""The log's lines: one line a record, whatever somebody else put into it."""

import logging

import pytest

from mock_qualtrics.commands import logs


@pytest.fixture
def formatted(monkeypatch):
    given = {}
    monkeypatch.setattr(logging, "basicConfig", lambda **options: given.update(options))
    logs.log_to_stderr()
    (handler,) = given["handlers"]
    return handler.formatter.format


def record(text, error=None):
    info = (type(error), error, None) if error else None
    return logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "%s", (text,), info)


def test_a_record_is_one_line_that_steers_no_terminal(formatted):
    line = formatted(record("a\x1b[2J\nINFO forged: b\u202e"))
    assert line == r"WARNING mock_qualtrics.server: a\u001b[2J\nINFO forged: b\u202e"


def test_a_traceback_keeps_its_lines(formatted):
    text = formatted(record("failed", ValueError("a\x1b[2J")))
    assert text.splitlines()[-1] == r"ValueError: a\u001b[2J"
    assert text.count("\n") >= 1
