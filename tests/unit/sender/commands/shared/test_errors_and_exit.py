"""What a command says, and how it exits, when a file cannot be used."""

import errno
import json
import os

import pytest

from sender.commands.shared.errors_and_exit import (
    EXIT_USAGE,
    drop_lost_terminal,
    fail,
    print_json,
    reported_errors,
    tell,
)


@pytest.mark.parametrize("code", [errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR])
def test_a_name_that_no_file_can_have_is_wrong_usage_in_one_line(code, capsys):
    with pytest.raises(SystemExit) as stopped, reported_errors():
        raise OSError(code, os.strerror(code), "a.sqlite")
    assert stopped.value.code == EXIT_USAGE
    assert capsys.readouterr().err == f"error: a.sqlite: {os.strerror(code)}\n"


def test_an_error_that_nobody_foresaw_is_not_hidden():
    with pytest.raises(PermissionError), reported_errors():
        raise PermissionError(errno.EPERM, "no", "a.sqlite")


def test_what_goes_to_a_closed_terminal_is_discarded_and_no_error():
    screen, terminal = os.openpty()
    os.close(screen)
    drop_lost_terminal([terminal])
    os.write(terminal, b"nobody reads this")
    os.close(terminal)


def test_an_open_terminal_and_a_file_are_left_alone(tmp_path):
    screen, terminal = os.openpty()
    path = tmp_path / "log"
    with path.open("wb", buffering=0) as file:
        drop_lost_terminal([terminal, file.fileno()])
        os.write(terminal, b"seen")
        os.write(file.fileno(), b"kept")
    assert (os.read(screen, 100), path.read_bytes()) == (b"seen", b"kept")
    os.close(terminal)
    os.close(screen)


def test_what_is_told_steers_no_terminal_and_json_keeps_its_value(capsys):
    hostile = "a\x1b[2J\x9b\u202e\nerror: forged"
    tell(hostile)
    with pytest.raises(SystemExit):
        fail(hostile, 1)
    print_json({"name": hostile})
    shown = capsys.readouterr()
    assert shown.err.splitlines() == [
        r"a\u001b[2J\u009b\u202e\nerror: forged",
        r"error: a\u001b[2J\u009b\u202e",
        "error: error: forged",
    ]
    assert all(line.isprintable() for line in shown.out.splitlines())
    assert json.loads(shown.out) == {"name": hostile}
