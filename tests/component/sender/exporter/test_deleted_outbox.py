"""An outbox deleted between or during exports: nothing is sent that nobody would know of."""

import sqlite3

import pytest


def test_an_export_whose_outbox_is_deleted_sends_nothing_more_and_says_so(
    server, exporter, kit, tmp_path
):
    path = tmp_path / "o.sqlite"
    it = exporter(outbox=path)
    it.export(kit.profiles(3))
    path.unlink()
    with pytest.raises(sqlite3.OperationalError, match="found no file, expected the one"):
        it.export(kit.profiles(9)[3:])
    assert len(server.seen) == 3
    assert not path.exists()


def test_an_export_whose_outbox_is_emptied_in_place_sends_nothing_more(
    server, exporter, kit, tmp_path
):
    path = tmp_path / "o.sqlite"
    it = exporter(outbox=path)
    it.export(kit.profiles(3))
    path.write_bytes(b"")
    with pytest.raises(sqlite3.OperationalError, match="found an empty file"):
        it.export(kit.profiles(9)[3:])
    assert len(server.seen) == 3
