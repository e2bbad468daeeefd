"""A source that cannot know an audience: what it leaves out is not an exit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

DAY_1 = "_id,firstName,identityMap.Email,{}\n1,Ann,a@example.com,realized\n2,Bob,b@example.com,{}\n"
VIP = "segmentMembership.ups.vip"
REFUSED = ("found", "or --allow-missing-columns: ")

Export = Callable[..., Any]


@pytest.fixture
def export(run, kit) -> Export:
    return lambda *more, **options: run(
        "export", "--dataflow", "d.toml", *more, *kit.fast, "--json", **options
    )


@pytest.fixture
def day_1(folder: Path, export: Export, server) -> None:
    (folder / "day1.csv").write_text(DAY_1.format(f"{VIP}.status", "realized"))
    assert export("day1.csv").exit_code == 0
    server.seen.clear()


def statuses(server) -> dict[str, str]:
    return {
        body["identityMap"]["Email"][0]["id"][0]: body["segmentMembership"]["ups"]["vip"]["status"]
        for body in server.bodies
        if "segmentMembership" in body
    }


def parquet(path: Path, **columns: list[Any]) -> None:
    emails = {"identityMap": [{"Email": [{"id": f"{letter}@example.com"}]} for letter in "ab"]}
    pq.write_table(pa.table({"_id": ["1", "2"], **emails, **columns}), path)


def lines(path: Path, *ups: object) -> None:
    """Write a line for each, with these memberships; None: without any."""
    text = ""
    for number, memberships in enumerate(ups, start=1):
        email = f"{'ab'[number - 1]}@example.com"
        profile = {
            "_id": str(number),
            "firstName": "Eve",
            "identityMap": {"Email": [{"id": email}]},
        }
        if memberships is not None:
            profile["segmentMembership"] = {"ups": memberships}
        text += json.dumps(profile) + "\n"
    path.write_text(text)


@pytest.mark.usefixtures("day_1")
@pytest.mark.parametrize(
    "write",
    [
        lambda folder: (folder / "day2.csv").write_text(DAY_1.format("other", "x")),
        lambda folder: parquet(folder / "day2.parquet", firstName=["Ann", "Bob"]),
        lambda folder: parquet(
            folder / "day2.parquet",
            firstName=["Ann", "Bob"],
            segmentMembership=[{"ups": {"other": {"status": "realized"}}}] * 2,
        ),
        lambda folder: lines(folder / "day2.jsonl", None, None),
        lambda folder: lines(folder / "day2.jsonl", {"other": {"status": "realized"}}, {}),
    ],
)
def test_a_second_day_that_lacks_the_audience_is_refused_or_changes_no_membership(
    folder: Path, export: Export, server, write: Callable[[Path], object]
) -> None:
    write(folder)
    (path,) = folder.glob("day2.*")
    refused = export("day1.csv", path.name)
    assert refused.exit_code == 2
    assert f"error: {path.name}: no " in refused.stderr
    assert "or --allow-missing-columns: what is known of their" in refused.stderr
    assert server.seen == []
    taken = export(path.name, "--allow-missing-columns")
    assert taken.exit_code == 0
    assert statuses(server) == {}
    lines(folder / "day3.jsonl", {"vip": {"status": "exited"}}, {})
    assert export("day3.jsonl").exit_code == 0
    assert statuses(server) == {"a": "exited", "b": "exited"}


@pytest.mark.usefixtures("day_1")
def test_an_empty_cell_of_the_audiences_column_is_an_exit(
    folder: Path, export: Export, server
) -> None:
    (folder / "day2.csv").write_text(DAY_1.format(VIP, ""))
    assert export("day2.csv").exit_code == 0
    assert statuses(server) == {"b": "exited"}


@pytest.mark.usefixtures("day_1")
def test_a_stream_tells_of_an_audience_once_it_has_named_it(
    folder: Path, export: Export, server
) -> None:
    lines(folder / "x", {"other": {"status": "realized"}}, {})
    silent = export("-", stdin=(folder / "x").read_text())
    assert silent.exit_code == 0
    assert "note: 2 profiles stayed in the audience vip as exported before" in silent.stderr
    assert statuses(server) == {}
    lines(folder / "x", {"vip": {"status": "realized"}}, {})
    naming = export("-", stdin=(folder / "x").read_text())
    assert naming.exit_code == 0
    assert "stayed in the audience" not in naming.stderr
    assert statuses(server) == {"b": "exited"}


@pytest.mark.usefixtures("day_1")
def test_who_opts_out_is_not_said_to_have_stayed(folder: Path, export: Export, server) -> None:
    lines(folder / "x", {"other": {"status": "realized"}})
    profile = json.loads((folder / "x").read_text()) | {"consents": {"share": {"val": "n"}}}
    assert "stayed" not in export("-", stdin=json.dumps(profile)).stderr
    assert statuses(server) == {"a": "exited"}


@pytest.mark.usefixtures("day_1")
def test_parts_of_one_data_set_tell_together_of_an_audience(
    folder: Path, export: Export, server
) -> None:
    lines(folder / "part-00000-a-c000.json", {"vip": {"status": "realized"}})
    lines(folder / "part-00001-a-c000.json", None, {})
    names = sorted(path.name for path in folder.glob("part-*"))
    assert export(*names[::-1]).exit_code == 0
    assert statuses(server) == {"b": "exited"}
    lines(folder / names[0], {"other": {"status": "realized"}})
    refused = export(*names)
    assert refused.exit_code == 2
    assert f"error: {names[0]} and 1 more part: no profile names the audience vip" in refused.stderr


@pytest.mark.usefixtures("day_1")
def test_resume_goes_on_with_a_source_that_may_lack_columns(
    folder: Path, export: Export, run, server, kit
) -> None:
    rows = [f"{number},Eve,p{number}@example.com\n" for number in range(600)]
    (folder / "day2.csv").write_text("_id,firstName,identityMap.Email\n" + "".join(rows))
    server.answers(kit.refusal(401))
    stopped = export("day1.csv", "day2.csv", "--allow-missing-columns", "--workers", "1")
    assert stopped.exit_code == 1
    resumed = run("resume", "--outbox", "d.outbox.sqlite", *kit.fast, "--json")
    assert resumed.exit_code == 0, resumed.output
    assert json.loads(resumed.stdout)["profilesReceived"] == 602
    assert "exited" not in statuses(server).values()
