"""What is appended is whole, or an error says why; nobody waits for a pipe without a reader."""

import errno
import os
from pathlib import Path

import pytest

from contracts.appending import append


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def test_a_file_is_made_and_then_appended_to(tmp_path: Path):
    append(tmp_path / "file", b"first,")
    append(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first,second"


def test_a_pipe_that_nobody_reads_is_an_error_at_once(pipe: Path):
    with pytest.raises(OSError, match="no program reads this pipe") as raised:
        append(pipe, b"x")
    assert raised.value.errno == errno.ENXIO


def test_a_pipe_that_is_read_gets_all(pipe: Path):
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    append(pipe, b"whole")
    assert os.read(reader, 100) == b"whole"
    os.close(reader)


def test_a_pipe_whose_reader_takes_nothing_is_an_error_in_the_end(pipe: Path):
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(TimeoutError, match="its reader has taken nothing for 0 s"):
        append(pipe, b"x" * 1_000_000, most_seconds=0)
    os.close(reader)


def test_another_error_is_told_as_it_is(tmp_path: Path):
    with pytest.raises(IsADirectoryError):
        append(tmp_path, b"x")


def test_a_device_takes_what_it_is_given():
    append(os.devnull, b"gone")
