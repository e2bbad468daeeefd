"""An outbox's file that is deleted, moved or replaced during an export is noticed at once."""

import sqlite3

import pytest

from sender.outbox import Outbox


@pytest.mark.parametrize("ending", ["", "-wal", ".lock"])
def test_nothing_is_committed_to_a_file_that_nobody_will_find(tmp_path, ending):
    path = tmp_path / "o.sqlite"
    file, aside = path.with_name(path.name + ending), tmp_path / "aside"
    with Outbox(path) as outbox:
        run = outbox.runs.begin(1.0, None)
        file.rename(aside)
        with pytest.raises(sqlite3.OperationalError, match=rf"{file}: found no file, expected"):
            outbox.runs.begin(2.0, None)
        file.touch()
        with pytest.raises(sqlite3.OperationalError, match=rf"{file}: found another file"):
            outbox.runs.begin(2.0, None)
        aside.rename(file)
        assert outbox.runs.begin(3.0, None).id == run.id + 1


def test_an_outbox_in_memory_has_no_file_to_lose():
    with Outbox() as outbox:
        assert outbox.runs.begin(1.0, None).id == 1
