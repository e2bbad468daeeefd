import json

from loadtests.report import result_json
from support.load_results import load_result


def test_programs_get_all_figures() -> None:
    found = json.loads(result_json(load_result()))
    assert (found["verdict"], found["exitCode"], found["lost"]) == ("missed", 4, 1)
    assert found["thresholds"][1] == {"threshold": "lost==0", "found": 1, "met": False}
    assert found["counted"]["byStatus"] == {"202": 3, "429": 1}
    assert found["journal"]["refusedBy"] == {"rate-limit": 1}
    assert found["workers"] == [{"share": 0, "calls": 4, "journalCalls": 4, "isLost": False}]
    assert all(line["holds"] for line in found["balance"])
    assert 20 <= found["counted"]["latencyMs"]["p95"] < 20.1


def test_a_target_that_is_no_mock_has_none_of_a_journal() -> None:
    found = json.loads(result_json(load_result(journal=None, balance=(), comparison=None)))
    assert (found["journal"], found["balance"], found["forecast"]) == (None, [], None)
