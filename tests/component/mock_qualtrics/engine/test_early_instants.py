"""Virtual clocks that stand before 1970, where instants are negative numbers."""

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.settings import Settings


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00Z", "1950-06-01T00:00:00Z"])
def test_a_run_that_waits_at_a_restart_is_executed_then(rehearse, tmp_path, start):
    store = f"sqlite:///{tmp_path}/mock.db"
    before = rehearse({"delay": {"kind": "fixed", "seconds": 60}}, {"startAt": start}, store=store)
    before.send()
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        engine.advance(before.tenant.id, 60)
        totals = engine.journal.totals(before.tenant.number)
    assert (totals["pending"], totals["succeeded"]) == (0, 1)
