"""Consent that is withdrawn between two exports, in each kind of source."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sender import ADOBE_BEST_EFFORT, LOSSLESS, events
from sender.dataflow import AudienceActivation
from sender.profiles import NOTHING_YET

HEADER = "_id,firstName,identityMap.Email,segmentMembership.ups.vip,consents.marketing.email.val\n"
GIVEN = [{"_id": str(n), "firstName": "Ann", "email": f"p{n}@example.com"} for n in range(2)]


def write_jsonl(path: Path, consents: list[str | None]) -> None:
    path.write_text(
        "".join(
            json.dumps(
                {
                    "_id": one["_id"],
                    "firstName": one["firstName"],
                    "identityMap": {"Email": [{"id": one["email"]}]},
                    "segmentMembership": {"ups": {"vip": {"status": "realized"}}},
                    "consents": {"marketing": {"email": {"val": consent}}},
                }
            )
            + "\n"
            for one, consent in zip(GIVEN, consents, strict=True)
        )
    )


def write_csv(path: Path, consents: list[str | None]) -> None:
    rows = zip(GIVEN, consents, strict=True)
    lines = [",".join([*one.values(), "realized", consent or ""]) for one, consent in rows]
    path.write_text(HEADER + "\n".join(lines))


def write_parquet(path: Path, consents: list[str | None]) -> None:
    columns = dict(
        zip(
            HEADER.strip().split(","),
            [*map(list, zip(*(one.values() for one in GIVEN), strict=True)), ["realized"] * 2],
            strict=False,
        )
    )
    pq.write_table(pa.table(columns | {"consents.marketing.email.val": consents}), path)


@pytest.mark.parametrize(
    ("name", "write"),
    [("p.jsonl", write_jsonl), ("p.csv", write_csv), ("p.parquet", write_parquet)],
)
def test_who_withdraws_consent_leaves_once_and_is_excluded_from_then_on(
    run, folder, server, kit, name, write
):
    def export(consents: list[str | None]) -> tuple[int, list[object]]:
        server.seen.clear()
        write(folder / name, consents)
        shown = run("export", "--dataflow", "d.toml", name, *kit.fast, "--json")
        assert shown.exit_code == 0, shown.output
        report = json.loads(shown.stdout)
        return len(server.seen), report["excluded"]

    assert export([None, "y"]) == (2, [])
    count, excluded = export(["dn", "y"])
    assert (count, [each["count"] for each in excluded]) == (1, [1])
    assert server.bodies[0]["segmentMembership"]["ups"]["vip"]["status"] == "exited"
    assert server.bodies[0]["identityMap"]["Email"] == [{"id": "p0@example.com"}]
    count, excluded = export(["N", "y"])
    assert count == 0
    assert {"reason": "consent withdrawn", "count": 1} in excluded


def profile(consent: str, **more: object) -> dict[str, object]:
    return {
        "identityMap": {"Email": [{"id": "p@example.com"}]},
        "segmentMembership": {"ups": {"vip": {"status": "realized"}}},
        "consents": {"marketing": {"any": {"val": consent}}},
        **more,
    }


def test_what_failed_before_an_opt_out_is_not_replayed_but_its_exit_is(
    server, exporter, kit, dataflow
):
    it = exporter(dataflow=dataclasses.replace(dataflow, audiences=(AudienceActivation("vip"),)))
    server.always(kit.refusal(400))
    for given in (profile("y"), profile("y", firstName="Ann"), profile("n"), profile("n")):
        it.export([given])
    server.seen.clear()
    server.always(kit.answer())
    it.replay_failed()
    (exit_message,) = server.bodies
    assert exit_message["segmentMembership"]["ups"]["vip"]["status"] == "exited"
    it.export([profile("y")])
    assert server.bodies[-1]["segmentMembership"]["ups"]["vip"]["status"] == "realized"


def test_without_audiences_an_opt_out_ends_the_replay_until_consent_is_given_again(
    server, exporter, kit
):
    it = exporter()
    server.always(kit.refusal(400))
    it.export([profile("y")])
    server.always(kit.answer())
    assert it.export([profile("n")]).failed_before == 0
    it.replay_failed()
    assert len(server.seen) == 1
    assert it.export([profile("y")]).activated == 1


@pytest.mark.parametrize("policy", [LOSSLESS, ADOBE_BEST_EFFORT])
def test_what_waits_for_a_retry_when_its_profile_opts_out_is_not_sent_again(
    server, exporter, kit, counts, policy
):
    server.always(kit.refusal(503))
    retries, waits = [], []

    def profiles() -> Iterator[object]:
        yield profile("y")
        while not retries:
            yield NOTHING_YET
        server.always(kit.answer())
        yield profile("n")

    def hear(event: events.Event) -> None:
        if isinstance(event, events.RetryScheduled):
            retries.append(event)
        if isinstance(event, events.Waiting):
            waits.append(event)

    it = exporter(policy=policy, subscribers=[hear])
    report = it.export(profiles())
    assert len(server.seen) == 1
    assert not waits, "there is nothing left to wait for"
    assert counts(report) == (0, 2, 0, 0, 0)
    assert report.profiles_received == 2
    assert [(each.reason, each.count) for each in report.exclusions] == [("consent withdrawn", 2)]
    it.replay_failed()
    assert len(server.seen) == 1
    assert it.export([profile("y")]).activated == 1


def test_an_exit_takes_the_place_of_what_was_not_sent_before_the_opt_out(
    server, exporter, kit, dataflow, counts
):
    it = exporter(dataflow=dataclasses.replace(dataflow, audiences=(AudienceActivation("vip"),)))
    report = it.export([profile("y"), profile("y", firstName="Ann"), profile("n")])
    (body,) = server.bodies
    assert body["segmentMembership"]["ups"]["vip"]["status"] == "exited"
    assert counts(report) == (1, 2, 0, 0, 0)
