import json

from loadtests.soak.findings import findings
from loadtests.soak.soak_json import soak_json
from support.soaks import FLAT, soak


def test_programs_get_each_sample_each_finding_and_each_load():
    seen = soak(0.1, samples=(FLAT, None, FLAT), left=("python",))
    found = json.loads(soak_json(seen, findings(seen)))
    assert found["samples"] == [FLAT._asdict(), None, FLAT._asdict()]
    assert {
        "name": "no process is left",
        "outcome": "failed",
        "found": "still running: python",
    } in (found["findings"])
    assert (found["exitCode"], found["left"], found["intervalSeconds"]) == (1, ["python"], 0.5)
    assert list(found["loads"]) == [tenant.name for tenant in seen.plan.tenants]
