"""What a command says, and how it exits, when a file cannot be used."""

import errno
import os

import pytest

from sender.commands.shared.errors_and_exit import EXIT_USAGE, reported_errors


@pytest.mark.parametrize("code", [errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR])
def test_a_name_that_no_file_can_have_is_wrong_usage_in_one_line(code, capsys):
    with pytest.raises(SystemExit) as stopped, reported_errors():
        raise OSError(code, os.strerror(code), "a.sqlite")
    assert stopped.value.code == EXIT_USAGE
    assert capsys.readouterr().err == f"error: a.sqlite: {os.strerror(code)}\n"


def test_an_error_that_nobody_foresaw_is_not_hidden():
    with pytest.raises(PermissionError), reported_errors():
        raise PermissionError(errno.EPERM, "no", "a.sqlite")
