"""A pipe that nobody writes to, and a device, are told apart from files."""

import os

import pytest

from contracts.errors import UnreadableFileError
from contracts.plain_files import check_plain_file


def test_a_file_a_folder_and_what_is_not_there_are_left_to_who_opens_them(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path, tmp_path / "missing", "", "null\0character"):
        check_plain_file(str(path))
    check_plain_file(os.devnull)


def test_a_named_pipe_is_refused_and_that_of_a_shell_is_not(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableFileError, match="pipe: is a named pipe, expected a file"):
        check_plain_file(str(tmp_path / "pipe"))
    read_end, write_end = os.pipe()
    check_plain_file(f"/dev/fd/{read_end}")
    os.close(read_end)
    os.close(write_end)


def test_a_device_without_an_end_is_refused():
    with pytest.raises(UnreadableFileError, match="/dev/zero: is a device or a socket"):
        check_plain_file("/dev/zero")
