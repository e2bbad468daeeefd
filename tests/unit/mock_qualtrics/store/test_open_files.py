"""Files of a store that are deleted, moved or replaced are noticed, and no others."""

import pytest

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.store.open_files import OpenFiles


@pytest.fixture
def path(tmp_path):
    for ending in ("", "-wal", ".lock"):
        (tmp_path / f"a.db{ending}").touch()
    return tmp_path / "a.db"


@pytest.mark.parametrize("ending", ["", "-wal", ".lock"])
def test_each_file_is_looked_after(path, ending):
    files = OpenFiles(str(path))
    files.require()
    file, aside = path.with_name(f"a.db{ending}"), path.with_name("aside")
    file.rename(aside)
    with pytest.raises(StoreFailedError, match=rf"{file}: found no file"):
        files.require()
    file.touch()
    with pytest.raises(StoreFailedError, match=rf"{file}: found another file"):
        files.require()
    aside.rename(file)
    files.require()


def test_a_store_without_files_or_without_a_log_has_nothing_to_lose(path):
    OpenFiles(None).require()
    path.with_name("a.db-wal").unlink()
    OpenFiles(str(path)).require()
