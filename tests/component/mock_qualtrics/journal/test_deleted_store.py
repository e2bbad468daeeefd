"""A store's file that is deleted or moved under a running server: said at once, no call lost."""

import pytest

from mock_qualtrics.errors import StoreFailedError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.db"


@pytest.mark.parametrize("ending", ["", "-wal", ".lock"])
def test_no_call_is_answered_2xx_any_more_and_idle_servers_say_so_too(rehearse, path, ending):
    rehearsal = rehearse(store=f"sqlite:///{path}")
    rehearsal.send()
    file = path.with_name(path.name + ending)
    file.rename(path.with_name("aside"))
    said = rf"{file}: found no file, expected the one that was opened"
    for act in (
        rehearsal.send,
        rehearsal.totals,
        rehearsal.runs,
        rehearsal.engine.step,
        lambda: rehearsal.engine.tenants.create({}),
    ):
        with pytest.raises(StoreFailedError, match=said):
            act()
    assert not file.exists()
    path.with_name("aside").rename(file)
    assert rehearsal.send().status == 202
    assert [row["status"] for row in rehearsal.requests()] == [202, 503, 202]


def test_a_server_that_nobody_calls_says_so_too(rehearse, path):
    rehearsal = rehearse(store=f"sqlite:///{path}")
    rehearsal.engine.step()
    path.rename(path.with_name("aside"))
    with pytest.raises(StoreFailedError, match="found no file"):
        rehearsal.engine.step()
    path.with_name("aside").rename(path)
    rehearsal.engine.step()


def test_a_file_put_in_its_place_is_not_taken_for_it(rehearse, path):
    rehearsal = rehearse(store=f"sqlite:///{path}")
    rehearsal.send()
    kept = path.read_bytes()
    path.rename(path.with_name("aside"))
    path.write_bytes(kept)
    with pytest.raises(StoreFailedError, match="found another file"):
        rehearsal.send()
    assert path.read_bytes() == kept
    path.unlink()
    path.with_name("aside").rename(path)
    assert rehearsal.totals()["received"] == 2


def test_a_file_that_is_emptied_in_place_is_noticed_too(rehearse, path):
    rehearsal = rehearse(store=f"sqlite:///{path}")
    rehearsal.send()
    kept = path.read_bytes()
    path.write_bytes(b"")
    with pytest.raises(StoreFailedError, match="found an empty file"):
        rehearsal.send()
    path.write_bytes(kept)
    assert rehearsal.totals()["received"] == 2
