"""Weeks of calls, kills, resets and retention: each minute counts what the rows of it say."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.settings import Settings
from simulation.invariants.limits import DAY_US, MINUTE_US
from simulation.invariants.minutes import minutes_agree
from simulation.invariants.stored import MockState, opened, read_mock
from support.rehearsal import Rehearsal

RETENTION_DAYS = 3
WORKFLOW = {
    "name": "Survey",
    "retryTasks": True,
    "delay": {"kind": "lognormal", "medianSeconds": 40, "p95Seconds": 9_000},
    "tasks": [{"name": "T", "type": "record", "failProbability": 0.3}],
}
ACTS = {"call": 6, "refuse": 2, "wait": 5, "sleep": 2, "kill": 2, "stop": 1, "reset": 2}
SECONDS = (1, 59, 60, 61, 3_600, 50_000)


class Weeks:
    """A mock that is called, killed and reset by chance."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._file = folder / f"{seed}.db"
        self._settings = Settings(store=f"sqlite:///{self._file}", retention_days=RETENTION_DAYS)
        self._rng = random.Random(seed)
        engine = Engine(self._settings)
        tenant = engine.tenants.create({"clock": "virtual", "limits": {"runsPerDay": 40}})
        tenant.faults.add({"kind": "run-twice", "when": {"every": 5}})
        self.rehearsal = Rehearsal(engine, tenant, engine.tenants.add_workflow(tenant, WORKFLOW))

    @property
    def now_us(self) -> int:
        return self.rehearsal.tenant.clock.now()

    def acts(self, count: int) -> Iterator[str]:
        """Act, and yield what was done once it is durable."""
        for _ in range(count):
            (name,) = self._rng.choices(list(ACTS), ACTS.values())
            getattr(self, name)()
            self.rehearsal.engine.commit()
            yield name

    def stored(self) -> MockState:
        with closing(opened(self._file)) as connection:
            return read_mock(connection, self.rehearsal.tenant.number)

    def call(self) -> None:
        for number in range(self._rng.randrange(1, 9)):
            self.rehearsal.send(b'{"n": %d}' % number)

    def refuse(self) -> None:
        self.rehearsal.send(b"no json")

    def wait(self) -> None:
        self.rehearsal.advance(self._rng.choice(SECONDS))

    def sleep(self) -> None:
        self.rehearsal.advance(RETENTION_DAYS * 86_400 // 2)

    def reset(self) -> None:
        if self._rng.random() < 0.3:
            self.rehearsal.engine.tenants.reset(self.rehearsal.tenant.id)

    def kill(self) -> None:
        self.rehearsal.engine._store.close()  # nothing is written any more
        self._start()

    def stop(self) -> None:
        self.rehearsal.engine.close()
        self._start()

    def _start(self) -> None:
        engine, before = Engine(self._settings), self.rehearsal
        tenant = engine.tenants.get(before.tenant.id)
        workflow = engine.tenants.workflow(before.workflow.id)
        self.rehearsal = Rehearsal(engine, tenant, workflow)


@pytest.mark.parametrize("seed", range(2))
def test_minutes_follow_the_rows_through_kills_resets_and_retention(tmp_path, seed):
    weeks, done, pruned, oldest = Weeks(tmp_path, seed), set(), 0, 0
    for act in weeks.acts(80):
        kept_since = (weeks.now_us - RETENTION_DAYS * DAY_US) // MINUTE_US
        mock = weeks.stored()
        assert list(minutes_agree(mock, kept_since + 1)) == []
        if act == "sleep":
            pruned += bool(oldest) and oldest < kept_since
            assert min(mock.minutes, default=kept_since) >= kept_since
        oldest = min(mock.minutes, default=0)
        done.add(act)
    assert done == set(ACTS)
    assert pruned
    weeks.rehearsal.engine.close()
