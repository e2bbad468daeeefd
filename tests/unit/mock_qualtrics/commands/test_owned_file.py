import errno
import stat

import pytest

from mock_qualtrics.commands.owned_file import OwnedFile
from mock_qualtrics.errors import FileTakenError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file"


def owned(path):
    return OwnedFile(path, lambda content: content.startswith(b"ours"))


def test_a_file_is_written_whole_for_its_owner_alone_and_deleted_at_the_end(path):
    file = owned(path)
    file.write(b"ours: 1")
    assert path.read_bytes() == b"ours: 1"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    file.delete()
    assert list(path.parent.iterdir()) == []


def test_a_file_for_everybody_can_be_read_by_everybody(path):
    OwnedFile(path, bool, 0o644).write(b"ours")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize(("left", "is_left_over"), [(b"ours: old", True), (b"", False)])
def test_a_file_that_is_left_over_or_empty_stays_until_it_is_replaced(path, left, is_left_over):
    path.write_bytes(left)
    file = owned(path)
    assert (file.is_left_over, path.read_bytes()) == (is_left_over, left)
    file.delete()
    assert path.read_bytes() == left
    file.write(b"ours: new")
    assert path.read_bytes() == b"ours: new"


def test_a_file_that_no_server_wrote_is_refused_and_stays(path):
    path.write_bytes(b"a diary")
    with pytest.raises(FileTakenError, match="file: no server has written it"):
        owned(path)
    assert path.read_bytes() == b"a diary"


def test_a_running_servers_file_is_refused_until_that_one_has_ended(path):
    running = owned(path)
    running.write(b"ours: 1")
    with pytest.raises(FileTakenError, match="file: another running server uses it"):
        owned(path)
    running.release()
    owned(path).write(b"ours: 2")
    assert path.read_bytes() == b"ours: 2"


def test_of_two_that_start_at_once_the_later_one_is_refused(path):
    first, second = owned(path), owned(path)
    first.write(b"ours: 1")
    with pytest.raises(FileTakenError, match="another running server"):
        second.write(b"ours: 2")
    second.delete()
    assert path.read_bytes() == b"ours: 1"


@pytest.mark.parametrize("in_place", [False, True])
def test_a_file_that_was_changed_since_is_not_deleted(path, in_place):
    file = owned(path)
    file.write(b"ours: 1")
    if not in_place:
        path.unlink()
    path.write_bytes(b"ours: another")
    file.delete()
    assert path.read_bytes() == b"ours: another"


def test_a_file_that_somebody_deleted_is_no_error_at_the_end(path):
    file = owned(path)
    file.write(b"ours")
    path.unlink()
    file.delete()
    assert not path.exists()


def test_a_file_that_cannot_be_put_there_leaves_nothing_behind(path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError("not here")

    file = owned(path)
    monkeypatch.setattr(type(path), "replace", refuse)
    with pytest.raises(PermissionError):
        file.write(b"ours")
    file.delete()
    assert list(path.parent.iterdir()) == []


def test_an_error_names_the_file_also_when_the_disk_is_full(path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    file = owned(path)
    monkeypatch.setattr("mock_qualtrics.commands.owned_file._set_mode", refuse)
    with pytest.raises(OSError, match="No space left on device") as refused:
        file.write(b"ours")
    assert refused.value.filename == str(path)
    assert list(path.parent.iterdir()) == []


def test_a_file_system_without_locks_is_no_obstacle(path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError("no locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    running = owned(path)
    running.write(b"ours: 1")
    owned(path).write(b"ours: 2")
    running.delete()
    assert path.read_bytes() == b"ours: 2"
