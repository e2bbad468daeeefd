"""Hours, days and a month on virtual clocks; and the same calls giving the same history."""

import json
import random
import threading
from typing import Any

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.events.raw_json import dumps
from mock_qualtrics.model import Call
from mock_qualtrics.settings import Settings

WORKFLOW = {
    "name": "Survey",
    "retryTasks": True,
    "delay": {"kind": "lognormal", "medianSeconds": 20, "p95Seconds": 900},
    "fields": [{"name": "n", "path": "$.n"}],
    "tasks": [
        {
            "name": "Invite",
            "type": "email",
            "settings": {"subject": "~{aedj://n}"},
            "failFirst": 3,
            "failProbability": 0.4,
        }
    ],
}
FAULTS = (
    {"kind": "status", "status": 500, "when": {"probability": 0.1}},
    {"kind": "run-twice", "when": {"every": 7}},
)


class Client:
    """A seeded connector: what it does depends on its seed and on the answers it gets alone."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.tenant = engine.tenants.create({"clock": "virtual", "seed": seed})
        self.workflow = engine.tenants.add_workflow(self.tenant, WORKFLOW)
        for fault in FAULTS:
            self.tenant.faults.add(fault)
        self.chance = random.Random(seed)
        query = self.workflow.urls("")["triggerUrl"].partition("?")[2]
        token = self.tenant.api_token.reveal()
        headers = (("x-api-token", token), ("content-type", "application/json"))
        path = "/inbound-event/v1/events/json/triggers"
        self.make = lambda body: Call("POST", path, query, headers, body)

    def play(self, calls: int) -> None:
        for _ in range(calls):
            body = json.dumps({"n": self.chance.randrange(20)}).encode()
            if self.engine.receive(self.make(body)).status == 500:
                self.engine.receive(self.make(body))
            if self.chance.random() < 0.3:
                self.engine.advance(self.tenant.id, self.chance.randrange(2_000))
        self.engine.advance(self.tenant.id, 86_400 * 2)

    def history(self) -> dict[str, Any]:
        journal = self.engine.journal
        return {
            "runs": list(journal.runs_page(self.workflow.id, limit=500).items),
            "requests": list(journal.requests_page(self.tenant.number, 500).items),
            "totals": journal.totals(self.tenant.number),
        }


def masked(history: dict[str, Any]) -> dict[str, Any]:
    """Leave out the ids, which differ from tenant to tenant; what belongs together stays so."""
    order = {row["requestId"]: place for place, row in enumerate(history["requests"])}
    runs = [
        {**run, "id": None, "workflowId": None, "requestId": order[run["requestId"]]}
        for run in history["runs"]
    ]
    requests = [
        {**row, "requestId": None}
        | {name: row[name] is not None for name in ("runId", "workflowId")}
        for row in history["requests"]
    ]
    return {"runs": runs, "requests": requests, "totals": history["totals"]}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_same_calls_and_seed_give_the_same_history_byte_for_byte(seed):
    histories = []
    for _ in range(2):
        with Engine(Settings()) as engine:
            client = Client(engine, seed)
            client.play(60)
            histories.append(dumps(client.history()))
    assert histories[0] == histories[1]
    assert '"attempts":2' in histories[0]


def test_another_seed_gives_another_history():
    shown = []
    for seed in (1, 2):
        with Engine(Settings()) as engine:
            client = Client(engine, seed)
            client.chance = random.Random(0)
            client.play(40)
            shown.append(dumps(masked(client.history())))
    assert shown[0] != shown[1]


def test_32_tenants_at_once_give_what_each_gives_alone(tmp_path):
    alone = {}
    for seed in range(32):
        with Engine(Settings()) as engine:
            client = Client(engine, seed)
            client.play(12)
            alone[seed] = masked(client.history())
    with Engine(Settings(store=f"sqlite:///{tmp_path}/journal.db")) as engine:
        clients = [Client(engine, seed) for seed in range(32)]
        failed: list[BaseException] = []

        def play(client: Client) -> None:
            try:
                client.play(12)
            except BaseException as error:  # noqa: BLE001  the test fails with it below
                failed.append(error)

        threads = [threading.Thread(target=play, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        for seed, client in enumerate(clients):
            assert masked(client.history()) == alone[seed]


def test_a_day_of_task_retries_ends_exactly_when_the_day_does_Q_WF_4(rehearse):  # noqa: N802
    task = {"name": "Never", "type": "record", "failProbability": 1.0}
    rehearsal = rehearse({"retryTasks": True, "tasks": [task]})
    rehearsal.send()
    rehearsal.advance(86_400.1)
    assert rehearsal.totals()["pending"] == 1
    rehearsal.advance(0.1)
    (run,) = rehearsal.runs()
    assert run["status"] == "Failed"
    assert run["startedOn"] == "2026-01-01T00:00:00.200000Z"
    assert run["finishedOn"] == "2026-01-02T00:00:00.200000Z"
    assert run["tasks"][0]["attempts"] == 14
    assert len(run["notifications"]) == 1


def test_run_history_is_kept_for_30_days_and_totals_for_ever_Q_RUN_3(rehearse):  # noqa: N802
    rehearsal = rehearse()
    for _ in range(3):
        rehearsal.send()
    rehearsal.send(b"refused")
    rehearsal.advance(86_400 * 15)
    rehearsal.send(b'{"later": 1}')
    rehearsal.advance(86_400 * 15)
    assert len(rehearsal.runs()) == 4
    rehearsal.advance(1)
    assert [run["event"].text for run in rehearsal.runs()] == ['{"later": 1}']
    assert len(rehearsal.requests()) == 1
    assert rehearsal.totals()["succeeded"] == 4
    assert rehearsal.totals()["complete"] is True


def test_a_run_that_waits_30_days_keeps_its_call_and_is_kept_after_it_A_USE_1(rehearse):  # noqa: N802
    rehearsal = rehearse({"delay": {"kind": "fixed", "seconds": 86_400 * 30}})
    rehearsal.send(b'{"n": 1}')
    rehearsal.advance(86_400 * 30)
    (run,) = rehearsal.runs()
    assert (run["status"], run["event"].text) == ("Succeeded", '{"n": 1}')
    rehearsal.advance(86_400 * 30)
    assert len(rehearsal.runs()) == 1
    rehearsal.advance(1)
    assert rehearsal.runs() == rehearsal.requests() == ()


def test_retention_works_through_a_long_journal_in_pieces(rehearse, monkeypatch):
    monkeypatch.setattr("mock_qualtrics.journal.retention.PIECE_CALLS", 7)
    rehearsal = rehearse()
    for _ in range(40):
        rehearsal.send()
    rehearsal.advance(86_400 * 20)
    for _ in range(5):
        rehearsal.send()
    rehearsal.advance(86_400 * 20)
    assert len(rehearsal.requests()) == 5


def test_windows_follow_the_virtual_clock_Q_LIM_1(rehearse):  # noqa: N802  a fact's id
    rehearsal = rehearse(tenant={"limits": {"callsPerMinute": 2}})
    statuses = []
    for seconds in (0, 30, 29.999999, 0.000001, 30):
        rehearsal.advance(seconds)
        statuses.append(rehearsal.send().status)
    assert statuses == [202, 202, 429, 202, 202]


def test_runs_due_at_the_same_instant_go_in_the_order_of_their_calls(rehearse):
    task = {"name": "T", "type": "record", "failFirst": 2}
    rehearsal = rehearse({"tasks": [task], "delay": {"kind": "fixed", "seconds": 5}})
    for number in range(4):
        rehearsal.send(b'{"n": %d}' % number)
    rehearsal.advance(5)
    assert [run["status"] for run in reversed(rehearsal.runs())] == [
        "Failed",
        "Failed",
        "Succeeded",
        "Succeeded",
    ]


def test_a_virtual_clock_stands_where_it_stood_after_a_restart(rehearse, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    before = rehearse(store=store)
    before.advance(12_345)
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        assert engine.advance(before.tenant.id, 0) == before.tenant.clock.now()
