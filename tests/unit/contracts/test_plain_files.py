"""A pipe that nobody writes to, and a device, are told apart from files."""

import os
import sys

import pytest

from contracts.documents import read_documents
from contracts.errors import UnreadableFileError
from contracts.plain_files import check_plain_file
from contracts.verification.expected_messages import read_messages
from contracts.verification.har_file import read_har


def test_a_file_a_folder_and_what_is_not_there_are_left_to_who_opens_them(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path, tmp_path / "missing", "null\0character"):
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


def test_standard_input_is_a_file_whatever_is_behind_it():
    check_plain_file("/dev/stdin")


@pytest.mark.parametrize(
    "read",
    [read_har, read_messages, lambda path: list(read_documents(path, sys.stdin.buffer))],
    ids=["a HAR file", "messages", "documents"],
)
def test_whatever_is_read_whole_waits_for_no_pipe_and_reads_no_device_without_end(tmp_path, read):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableFileError, match="is a named pipe, expected a file"):
        read(str(tmp_path / "pipe"))
    with pytest.raises(UnreadableFileError, match=r'^"": is no name of a file$'):
        read("")
    with pytest.raises(UnreadableFileError, match="is a device or a socket, expected a file"):
        read("/dev/zero")
