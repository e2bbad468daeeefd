"""What `make mutants` prints of what mutmut has found."""

import json
import tomllib
from pathlib import Path

from mutation import score


def test_each_mutant_counts_in_its_area_and_what_no_test_noticed_survives(tmp_path: Path):
    codes = {
        "mock_qualtrics.gate.checks.x_rate__mutmut_1": 1,
        "mock_qualtrics.gate.checks.x_rate__mutmut_2": 0,
        "sender.mapping.activation.x_decide__mutmut_1": 33,
        "sender.mapping.mapper.xǁMapperǁcontent__mutmut_12": 1,
        "sender.mapping.mapper.xǁMapperǁcontent__mutmut_13": None,
        "sender.outbox.other.x_f__mutmut_1": 0,
    }
    (tmp_path / "a.py.meta").write_text(json.dumps({"exit_code_by_key": codes}), "utf-8")
    (tmp_path / "a.py").write_text("", "utf-8")
    areas = score.areas_of(score.results(tmp_path))
    assert {name: str(area) for name, area in areas.items() if area.judged} == {
        "gate": "1 of 2 killed, 50.0%",
        "activation": "0 of 1 killed, 0.0%",
        "mapping": "1 of 1 killed, 100.0%, 1 not run in time",
    }
    rows = [{"function": "mock_qualtrics.gate.checks.rate", "most": 1}]
    assert score.unexplained(areas, rows) == [
        "sender.mapping.activation.decide: 1 survive, 0 are explained"
    ]


def test_a_method_is_named_as_python_does():
    found = score.function_of("sender.mapping.mapper.xǁMapperǁcontent__mutmut_12")
    assert found == "sender.mapping.mapper.Mapper.content"


def test_each_explained_function_is_one_of_an_area_and_has_a_reason():
    rows = tomllib.loads(score.EXPLAINED.read_text("utf-8"))["survivors"]
    assert len({row["function"] for row in rows}) == len(rows)
    for row in rows:
        assert row["why"]
        assert row["most"] > 0
        assert row["function"].startswith(tuple(score.AREAS.values())), row
