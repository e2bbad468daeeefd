"""Times of arrival in a file."""

import pytest

from loadtests.workloads import WorkloadError, read_arrivals

SECOND = 1_000_000


def test_recorded_times_are_read_from_a_file(tmp_path) -> None:
    file = tmp_path / "arrivals.csv"
    file.write_text("seconds\n0\n\n0.000005\n1e1\n", "utf-8")
    assert read_arrivals(file) == (0, 5, 10 * SECOND)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "found no time, expected one a line"),
        (b"1\n0.5\n", "arrivals:2: found 0.5 after 1, expected times that do not run backwards"),
        (b"soon\n", "arrivals:1: found 'soon', expected seconds from the beginning"),
        (b"0\nnan\n", "arrivals:2: found 'nan'"),
        (b"-1\n", "arrivals:1: found '-1'"),
        (b"1e300\n", "arrivals:1: found '1e300'"),
        (b"\xff\xfe\x00", "found no text, expected one time a line"),
    ],
)
def test_a_file_that_has_no_such_times_is_one_error(tmp_path, content, error) -> None:
    file = tmp_path / "arrivals"
    file.write_bytes(content)
    with pytest.raises(WorkloadError, match=error):
        read_arrivals(file)


def test_a_file_that_is_not_there_is_one_error(tmp_path) -> None:
    with pytest.raises(WorkloadError, match="cannot be read: No such file"):
        read_arrivals(tmp_path / "none")
