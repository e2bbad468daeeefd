"""Files of reports: looked at before, and written whole."""

import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from contracts.errors import UnwritableReportError
from contracts.reports.files import (
    FORMATS,
    SUMMARY_VARIABLE,
    append_summary,
    check_writable,
    rendered,
    write_whole,
)
from contracts.reports.markdown import MOST_BYTES
from support.sample_report import ALL, PASSED, sample_report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("kept")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "is a folder; expected a file"),
        (".", "is a folder; expected a file"),
        ("file/below.xml", "is a file; expected a folder"),
        ("a\0b", "cannot be written: "),
        ("x" * 300, "cannot be written: File name too long"),
    ],
)
def test_what_cannot_be_written_is_refused_before_and_nothing_is_changed(
    folder: Path, name: str, reason: str
):
    path = str(folder / name) if name else ""
    with pytest.raises(UnwritableReportError, match=reason) as raised:
        check_writable({"--junit": path})
    assert str(raised.value).startswith(f"{path}: ")
    assert {file.name: file.read_text() for file in folder.iterdir()} == {"file": "kept"}


def test_a_link_that_leads_to_itself_is_refused_or_replaced(folder: Path):
    link = folder / "link"
    link.symlink_to(link)
    with suppress(UnwritableReportError):  # from Python 3.13 on it can be resolved
        check_writable({"--html": str(link)})


def test_a_file_or_folder_without_permission_is_refused(folder: Path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    for name in ("file", "new.xml"):
        with pytest.raises(UnwritableReportError, match="no permission"):
            check_writable({"--junit": str(folder / name)})


def test_two_options_cannot_name_one_file_however_it_is_written(folder: Path):
    paths = {"--junit": str(folder / "r"), "--html": f"{folder}/./r"}
    with pytest.raises(UnwritableReportError, match="--junit and --html both name this file"):
        check_writable(paths)
    check_writable({"--junit": "/dev/null", "--html": "/dev/null"})


def test_looking_makes_no_folder_and_writing_does(folder: Path):
    path = folder / "new" / "deep" / "report.xml"
    check_writable({"--junit": str(path)})
    assert not (folder / "new").exists()
    write_whole(str(path), b"whole")
    assert path.read_bytes() == b"whole"
    assert [file.name for file in path.parent.iterdir()] == ["report.xml"]


def test_a_link_stays_one_and_the_file_that_it_names_is_replaced(folder: Path):
    link = folder / "link"
    link.symlink_to(folder / "file")
    write_whole(str(link), b"new")
    assert link.is_symlink()
    assert (folder / "file").read_bytes() == b"new"


def test_what_fails_half_way_leaves_the_file_that_was_there(folder: Path, monkeypatch):
    def full(self: Path, content: bytes) -> None:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UnwritableReportError, match="cannot be written: No space left on device"):
        write_whole(str(folder / "file"), b"new")
    assert {file.name: file.read_text() for file in folder.iterdir()} == {"file": "kept"}


def test_who_reads_the_file_that_was_there_still_reads_it_whole(folder: Path):
    with (folder / "file").open() as before:
        write_whole(str(folder / "file"), b"new")
        assert before.read() == "kept"
    assert (folder / "file").read_bytes() == b"new"


def test_a_device_is_written_as_it_is():
    write_whole("/dev/null", b"gone")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_pipe_of_the_shell_that_has_no_name_of_its_own_gets_all():
    reader, writer = os.pipe()
    check_writable({"--junit": f"/dev/fd/{writer}"})
    write_whole(f"/dev/fd/{writer}", b"whole")
    assert os.read(reader, 100) == b"whole"
    os.close(reader)
    os.close(writer)


def test_each_format_is_made_of_one_report():
    begins = {"junit": b"<?xml", "ctrf": b"{", "markdown": b"## ", "html": b"<!doctype html>"}
    made = {name: rendered(name, sample_report(*ALL)) for name in FORMATS}
    assert made.keys() == begins.keys()
    assert all(made[name].startswith(begin) for name, begin in begins.items())


def test_the_summary_of_a_ci_job_is_appended_to(folder: Path):
    path = str(folder / "file")
    assert append_summary(sample_report(PASSED), {SUMMARY_VARIABLE: path}) == path
    text = (folder / "file").read_text()
    assert text.startswith("kept## qualtrics-contracts conformance: 1 possible")
    assert text.endswith("\n\n")


@pytest.mark.parametrize("environ", [{}, {SUMMARY_VARIABLE: ""}])
def test_no_summary_is_written_where_none_is_named(environ: dict[str, str]):
    assert append_summary(sample_report(PASSED), environ) is None


def test_a_summary_that_is_full_stays_below_what_github_takes(folder: Path):
    file = folder / "file"
    file.write_bytes(b"x" * (MOST_BYTES - 10))
    assert append_summary(sample_report(PASSED), {SUMMARY_VARIABLE: str(file)}) is None
    assert file.stat().st_size == MOST_BYTES - 10


def test_a_summary_that_cannot_be_written_is_an_error(folder: Path):
    with pytest.raises(UnwritableReportError):
        append_summary(sample_report(PASSED), {SUMMARY_VARIABLE: str(folder)})


def test_a_pipe_that_nobody_reads_is_an_error_and_nobody_waits_for_it(folder: Path):
    path = str(folder / "pipe")
    os.mkfifo(path)
    reason = "pipe: cannot be written: no program reads this pipe"
    with pytest.raises(UnwritableReportError, match=reason):
        write_whole(path, b"x")
    with pytest.raises(UnwritableReportError, match=reason):
        append_summary(sample_report(PASSED), {SUMMARY_VARIABLE: path})


def test_a_summary_may_be_a_pipe_that_is_read(folder: Path):
    path = str(folder / "pipe")
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    assert append_summary(sample_report(PASSED), {SUMMARY_VARIABLE: path}) == path
    assert os.read(reader, 100).startswith(b"## qualtrics-contracts conformance")
    os.close(reader)
