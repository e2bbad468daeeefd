"""A file that was changed between an export that stopped and the one that goes on with it."""

import csv
import json
import os
import sqlite3

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sender.delivery import profile_intake, send_queue

BATCH = 5  # so many rows are taken in at once
MANY = 8
OUTBOX = ("--outbox", "d.outbox.sqlite")


def write_jsonl(path, profiles):
    path.write_text("".join(json.dumps(profile) + "\n" for profile in profiles))


def write_csv(path, profiles):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, flat(profiles[0]))
        writer.writeheader()
        writer.writerows(map(flat, profiles))


def write_parquet(path, profiles):
    pq.write_table(pa.Table.from_pylist(list(map(flat, profiles))), path, compression=None)


def flat(profile):
    return {
        "_id": profile["_id"],
        "firstName": profile["firstName"],
        "identityMap.Email": profile["identityMap"]["Email"][0]["id"],
        "segmentMembership.ups.vip": "realized",
    }


WRITERS = {"p.jsonl": write_jsonl, "p.csv": write_csv, "p.parquet": write_parquet}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(profile_intake, "BATCH_ROWS", BATCH)
    monkeypatch.setattr(send_queue, "ROOM_BELOW", 1)


@pytest.fixture
def profiles(kit):
    membership = {"ups": {"vip": {"status": "realized"}}}
    # All of one length, so that the file keeps its size in any order.
    return [{**each, "segmentMembership": membership} for each in kit.profiles(MANY, first=1_000)]


@pytest.fixture(params=WRITERS)
def stopped(request, run, server, kit, folder, profiles):
    """A file of which one batch was read, and how to change it and export it."""
    path = folder / request.param
    write = WRITERS[path.name]
    write(path, profiles)
    server.always(kit.refusal(401))
    export = ("export", "--dataflow", "d.toml", path.name, *kit.fast, "--workers", "1", "--json")
    assert run(*export).exit_code == 1
    server.always(kit.answer())
    server.seen.clear()

    def change(changed) -> None:
        before = path.stat()
        write(path, changed)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return change, lambda: run(*export), lambda: run("resume", *OUTBOX, *kit.fast, "--json")


def sent(server):
    """Return how often each profile was sent."""
    numbers = [body["firstName"] for body in server.bodies]
    return {name: numbers.count(name) for name in numbers}


def once(profiles):
    return {profile["firstName"]: 1 for profile in profiles}


def test_profiles_in_another_order_are_all_exported_and_none_twice(stopped, server, profiles):
    change, export, _ = stopped
    change(profiles[::-1])
    shown = export()
    report = json.loads(shown.stdout)
    assert (shown.exit_code, report["status"]) == (0, "Completed")
    assert sent(server) == once(profiles)
    assert (
        "warning: the profiles were changed since the last export, before row 6, up to which they"
        " had been read: they are read anew from the first row; what was exported and has not"
        " changed is not sent again\n"
    ) in shown.stderr


def test_resume_does_not_go_on_behind_profiles_that_it_never_read(stopped, server, profiles):
    change, export, resume = stopped
    change(profiles[::-1])
    shown = resume()
    report = json.loads(shown.stdout)
    assert (shown.exit_code, report["status"]) == (1, "Interrupted")
    assert sent(server) == once(profiles[:BATCH])
    assert "changed since the export, before row 6, up to which it was read" in shown.stderr
    assert "export it anew; what was exported and has not changed is not sent again" in shown.stderr
    assert export().exit_code == 0
    assert sent(server) == once(profiles)


def test_a_profile_that_was_edited_where_it_was_read_is_sent_again(stopped, server, profiles):
    change, export, _ = stopped
    edited = {**profiles[2], "firstName": "Edited_"}
    change([*profiles[:2], edited, *profiles[3:]])
    assert export().exit_code == 0
    assert sent(server) == once([*profiles, edited])


@pytest.mark.parametrize("command", ["export", "resume"])
def test_what_was_appended_or_only_touched_is_read_from_where_it_was_left(
    stopped, server, profiles, kit, command
):
    change, export, resume = stopped
    more = [{**profiles[0], **profile} for profile in kit.profiles(2, first=5_000)]
    change([*profiles, *more])
    shown = {"export": export, "resume": resume}[command]()
    report = json.loads(shown.stdout)
    assert (shown.exit_code, report["rowsRead"]) == (0, MANY + 2)
    assert "changed" not in shown.stderr
    assert sent(server) == once([*profiles, *more])


@pytest.mark.parametrize("is_the_same", [True, False])
def test_a_run_of_an_older_version_goes_on_if_its_file_has_the_same_size_and_time(
    run, server, kit, folder, profiles, is_the_same
):
    path = folder / "p.jsonl"
    write_jsonl(path, profiles)
    server.always(kit.refusal(401))
    run("export", "--dataflow", "d.toml", "p.jsonl", *kit.fast, "--workers", "1")
    status = path.stat()
    file = {"path": str(path), "bytes": status.st_size, "changed": status.st_mtime_ns}
    with sqlite3.connect(folder / "d.outbox.sqlite") as outbox:
        (source,) = outbox.execute("SELECT source FROM runs").fetchone()
        source = json.dumps(json.loads(source) | {"files": [file]})
        outbox.execute("UPDATE runs SET source = ?", (source,))
        outbox.execute("DELETE FROM meta WHERE name = 'read_digest'")
    outbox.close()
    if not is_the_same:
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    server.always(kit.answer())
    shown = run("resume", *OUTBOX, *kit.fast, "--json")
    assert (shown.exit_code, json.loads(shown.stdout)["rowsRead"]) == (
        (0, MANY) if is_the_same else (1, BATCH)
    )
    assert ("gone or changed since the export; export it anew" in shown.stderr) is not is_the_same
