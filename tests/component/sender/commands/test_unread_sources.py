"""Sources of which a part cannot be read: what was read is exported, and nobody says Completed."""

import gzip
import json
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

OUTBOX = ("--outbox", "d.outbox.sqlite")


def write_gzip(path, profiles):
    lines = (json.dumps(profile) + "\n" for profile in profiles)
    path.write_bytes(gzip.compress("".join(lines).encode()))


def write_parquet(path, profiles):
    columns = {
        "_id": [profile["_id"] for profile in profiles],
        "identityMap.Email": [f"{profile['_id']}@example.com" for profile in profiles],
        "segmentMembership.ups.vip": ["realized" for _ in profiles],
        "firstName": [profile["firstName"] for profile in profiles],
    }
    pq.write_table(
        pa.table(columns), path, row_group_size=3, use_dictionary=False, write_page_checksum=True
    )


def damage_gzip(path):
    path.write_bytes(path.read_bytes()[:-8])


def damage_parquet(path):
    column = pq.ParquetFile(path).metadata.row_group(1).column(1)
    content = bytearray(path.read_bytes())
    content[column.data_page_offset + column.total_compressed_size - 1] ^= 0xFF
    path.write_bytes(content)


KINDS = {
    "p.jsonl.gz": (write_gzip, damage_gzip, 9),
    "p.parquet": (write_parquet, damage_parquet, 6),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_damaged_file_is_never_completed_and_is_whole_once_it_was_repaired(
    run, server, kit, folder, name
):
    write, damage, readable = KINDS[name]
    profiles = [
        {**profile, "segmentMembership": {"ups": {"vip": {"status": "realized"}}}}
        for profile in kit.profiles(9)
    ]
    write(folder / name, profiles)
    whole = (folder / name).read_bytes()
    damage(folder / name)
    export = ("export", "--dataflow", "d.toml", name, *kit.fast, "--json")
    for command in (export, ("resume", *OUTBOX, *kit.fast, "--json"), export):
        shown = run(*command)
        report = json.loads(shown.stdout)
        assert (shown.exit_code, report["status"], report["sourceFinished"]) == (1, "Failed", False)
        assert report["messages"] == {
            "activated": readable,
            "excluded": 0,
            "failed": 0,
            "uncertain": 0,
            "pending": 0,
        }
        assert re.search(rf"{name}:\d+: damaged: .*cannot be read", report["stoppedBecause"])
        assert f"error: not everything was read: {report['stoppedBecause']}" in shown.stderr
    assert json.loads(run("status", *OUTBOX, "--json").stdout)["status"] == "Failed"
    assert len(server.seen) == readable
    (folder / name).write_bytes(whole)
    shown = run(*export)
    assert (shown.exit_code, json.loads(shown.stdout)["status"]) == (0, "Completed")
    assert len(server.seen) == 9


def test_a_second_file_is_read_although_the_first_is_damaged(run, server, kit, folder):
    kit.write(folder / "whole.jsonl", kit.profiles(3))
    write_gzip(folder / "a.jsonl.gz", [])
    damage_gzip(folder / "a.jsonl.gz")
    # What cannot be read is no row, so it takes nothing from the limit.
    limited = ("a.jsonl.gz", "whole.jsonl", "--limit", "3")
    shown = run("export", "--dataflow", "d.toml", *limited, *kit.fast)
    assert (shown.exit_code, len(server.seen)) == (1, 3)
    assert "error: not everything was read: a.jsonl.gz:1: damaged" in shown.stderr


def test_many_damaged_files_are_told_in_one_line(run, server, kit, folder):
    names = [f"{number}.jsonl.gz" for number in range(5)]
    for name in names:
        write_gzip(folder / name, kit.profiles(1))
        damage_gzip(folder / name)
    shown = run("export", "--dataflow", "d.toml", *names, *kit.fast)
    assert "2.jsonl.gz:2: damaged: the rest of the file cannot be read; and 2 more" in shown.stderr
