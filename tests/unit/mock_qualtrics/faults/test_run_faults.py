"""Faults that act on the run."""


def test_a_run_can_be_made_to_fail_and_to_be_executed_more_than_once(effect):
    done = effect({"kind": "run-failed"}, {"kind": "run-twice"}, {"kind": "run-twice"})
    assert done.refusal is None
    assert "run-failed" in (done.scripted_failure or "")
    assert done.extra_runs == 2
