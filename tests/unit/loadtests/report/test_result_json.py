import json
import re
from pathlib import Path

from loadtests.measuring import Call
from loadtests.report import result_json
from loadtests.verdicts import VerdictKind
from support.load_results import SECOND, load_result, measured


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


def test_a_run_without_a_valid_verdict_has_met_and_missed_nothing() -> None:
    found = json.loads(result_json(load_result(VerdictKind.GENERATOR_LIMITED)))
    assert [each["met"] for each in found["thresholds"]] == [None, None]


def test_the_document_names_each_key() -> None:
    text = (Path(__file__).parents[4] / "docs" / "load.md").read_text("utf-8")
    table = text.partition("| key of the JSON |")[2].partition("\n\n")[0]
    named = {key for row in table.splitlines() for key in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == json.loads(result_json(load_result())).keys()


def test_what_happened_when_is_a_value_a_bin_with_gaps_where_no_call_was_due() -> None:
    seen = measured()
    seen.add(Call(4, 1, 6 * SECOND, 6 * SECOND + 1_000, 7 * SECOND + 1, 202, "delivered"))
    found = json.loads(result_json(load_result(measured=seen)))["overTime"]
    assert found["binSeconds"] == 1.0
    assert found["due"] == [1, 1, 1, 1, 0, 0, 1, 0]
    assert found["answered"] == [1, 1, 1, 1, 0, 0, 0, 1]
    assert found["latencyMs"]["p50"] == [20.015] * 4 + [None, None, 1000.447, None]
