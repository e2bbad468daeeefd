"""What an outbox keeps of activations: restated runs, audiences unmapped and mapped again."""

import contextlib
import dataclasses
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sender import Dataflow, Exporter, events
from sender.dataflow import AudienceActivation, WhenToActivate
from sender.errors import ExportStoppedError

OLDER = Path(__file__).parents[3] / "data" / "older-versions" / "outbox-4.sql"
SOURCE = {"table": "people"}
Profile = dict[str, Any]


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "o.sqlite"


def mapped(dataflow: Dataflow, *audiences: str, **changes: bool) -> Dataflow:
    return dataclasses.replace(
        dataflow,
        audiences=tuple(map(AudienceActivation, audiences)),
        when_to_activate=WhenToActivate(**changes),
    )


def members(kit, count: int, *audiences: str) -> list[Profile]:
    memberships = {audience: {"status": "realized"} for audience in audiences}
    return [
        {**profile, "segmentMembership": {"ups": memberships}} for profile in kit.profiles(count)
    ]


def test_restated_rows_are_exported_again_and_others_are_not(exporter, kit, counts):
    it = exporter()
    assert counts(it.export(kit.profiles(5))) == (5, 0, 0, 0, 0)
    assert counts(it.export(kit.profiles(5), restated=True)) == (5, 0, 0, 0, 0)
    assert counts(it.export(kit.profiles(5))) == (0, 5, 0, 0, 0)


@pytest.mark.parametrize("goes_on", ["resume", "export"])
def test_an_interrupted_restated_export_goes_on_as_one_and_exports_nobody_twice(
    server, exporter, kit, counts, outbox, goes_on
):
    """Also when another exporter continues it: the outbox knows."""
    before = exporter(outbox=outbox)
    before.export(kit.profiles(600))
    before.close()
    server.seen.clear()

    def stop_soon(event: events.Event) -> None:
        if isinstance(event, events.ProgressMade):
            it.stop()

    it = exporter(outbox=outbox, subscribers=[stop_soon])
    with pytest.raises(ExportStoppedError):
        it.export(kit.profiles(600), source=SOURCE, restated=True)
    it.close()
    second = exporter(outbox=outbox)
    if goes_on == "resume":
        report = second.resume(kit.profiles(600))
    else:
        report = second.export(kit.profiles(600), source=SOURCE, restated=True)
    assert counts(report) == (600, 0, 0, 0, 0)
    assert len(server.seen) == len({seen.headers["x-trace-id"] for seen in server.seen}) == 600


def test_an_audience_that_returns_to_the_mapping_is_not_backfilled_again(
    dataflow, kit, counts, outbox
):
    """Not with who came meanwhile either; who enters it later is exported."""

    def export(profiles: list[Profile], *audiences: str) -> tuple[int, ...]:
        with Exporter(
            mapped(dataflow, *audiences), token=kit.token, outbox=outbox, calls_per_minute=None
        ) as it:
            return counts(it.export(profiles))

    assert export(members(kit, 2, "vip", "buyers"), "vip", "buyers") == (2, 0, 0, 0, 0)
    # Unmapping sends no exits (A-EXP-7).
    assert export(members(kit, 2, "vip", "buyers"), "vip") == (0, 2, 0, 0, 0)
    assert export(members(kit, 4, "buyers"), "vip", "buyers") == (2, 2, 0, 0, 0)
    assert export(members(kit, 5, "buyers"), "vip", "buyers") == (1, 4, 0, 0, 0)
    # An audience that was never activated is backfilled.
    assert export(members(kit, 5, "buyers", "new"), "vip", "buyers", "new") == (5, 0, 0, 0, 0)


def test_the_first_activation_goes_on_until_a_source_is_read_to_its_end(
    dataflow, kit, counts, outbox
):
    flow = mapped(dataflow, "vip", audience_changes=False)
    people = members(kit, 600, "vip")

    def breaks_off() -> Iterator[Profile]:
        yield from people[:300]
        raise OSError("the table is gone")

    with Exporter(flow, token=kit.token, outbox=outbox, calls_per_minute=None) as it:
        with pytest.raises(OSError, match="gone"):
            it.export(breaks_off())
        assert counts(it.export(people))[1] == 256
        report = it.export(members(kit, 601, "vip"))
    assert counts(report) == (0, 601, 0, 0, 0)
    assert {(e.reason, e.count) for e in report.exclusions} == {
        ("nothing changed since the last export", 600),
        ("audience changes are switched off", 1),
    }


@pytest.mark.parametrize("is_read", [True, False])
def test_an_older_outbox_knows_what_it_activated_if_a_source_was_read_to_its_end(
    dataflow, kit, outbox, counts, is_read
):
    with contextlib.closing(sqlite3.connect(outbox)) as database, database:
        database.executescript(OLDER.read_text("utf-8"))
        database.execute("DELETE FROM messages")
        database.execute("UPDATE runs SET source_finished = ?", (is_read,))
    flow = mapped(dataflow, "buyers", audience_changes=False)
    with contextlib.closing(sqlite3.connect(outbox)) as database, database:
        database.execute(
            "UPDATE meta SET value = json_set(value, '$.url', ?) WHERE name = 'dataflow'",
            (flow.url,),
        )
    with Exporter(flow, token=kit.token, outbox=outbox) as it:
        assert counts(it.export(members(kit, 1, "buyers"))) == (
            (0, 1, 0, 0, 0) if is_read else (1, 0, 0, 0, 0)
        )


def test_switching_a_trigger_off_exports_nobody_again(dataflow, kit, counts, outbox):
    for changes, expected in (({}, (3, 0)), ({"attribute_changes": False}, (0, 3))):
        flow = mapped(dataflow, "vip", **changes)
        with Exporter(flow, token=kit.token, outbox=outbox) as it:
            assert counts(it.export(members(kit, 3, "vip")))[:2] == expected


def test_another_form_of_the_identity_maps_keys_exports_anew(dataflow, kit, server, outbox):
    for keys in ("source", "target", "target"):
        flow = dataclasses.replace(dataflow, identity_map_keys=keys)
        with Exporter(flow, token=kit.token, outbox=outbox) as it:
            it.export(kit.profiles(1))
    assert [list(body["identityMap"]) for body in server.bodies] == [["Email"], ["email"]]
