"""A disk that fills up under a running server, and is emptied again."""

import resource

import pytest

from support import until

BODY = '{"n": %d, "text": "' + "x" * 20_000 + '"}'
NO_LIMIT = resource.RLIM_INFINITY


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux fills another's disk")
def test_a_full_disk_is_answered_503_and_nothing_is_lost_once_there_is_room(serve, tmp_path):
    store = tmp_path / "mock.db"
    served = serve("--store", f"sqlite:///{store}", "--durability", "full")
    assert served.post_event(BODY % 0).status_code == 202
    largest = max(file.stat().st_size for file in tmp_path.iterdir())
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (largest + 60_000, NO_LIMIT))
    answered = [served.post_event(BODY % number).status_code for number in range(1, 12)]
    assert set(answered) <= {202, 503}
    assert answered[-1] == 503
    assert served.session.get(f"{served.control_url}/health", timeout=60).status_code == 200
    assert served.session.get(served.ready["pageUrl"], timeout=60).status_code == 503
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (NO_LIMIT, NO_LIMIT))
    assert served.post_event(BODY % 12).status_code == 202

    until(lambda: served.totals()["pending"] == 0)
    rows = served.control.requests(served.tenant_id).items
    assert [row["status"] for row in rows][::-1] == [202, *answered, 202]
    runs = served.control.runs(served.workflow_id).items
    assert [run["event"]["n"] for run in runs] == list(range(12, -1, -1))
    assert {run["status"] for run in runs} == {"Succeeded"}
    _, err, code = served.stop()
    assert (code, "Traceback" in err) == (0, False)
