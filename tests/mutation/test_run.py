"""What `make mutants` gives mutmut to run."""

import json
from pathlib import Path

import pytest

from mutation.run import names

CODES = {
    "mock_qualtrics.gate.checks.x_f__mutmut_1": 1,
    "mock_qualtrics.gate.checks.x_f__mutmut_2": None,
    "mock_qualtrics.gate.checks.x_f__mutmut_3": 0,
    "sender.mapping.activation.x_f__mutmut_1": None,
    "sender.mapping.mapper.x_f__mutmut_1": 33,
    "sender.mapping.mapper.x_f__mutmut_2": 1,
}


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("gate", list(CODES)[1:3]),
        ("activation", list(CODES)[3:4]),
        ("mapping", list(CODES)[4:5]),
        ("compatibility", ["contracts.compatibility.*"]),
        (None, list(CODES)[1:5]),
    ],
)
def test_a_run_goes_on_with_what_was_not_run_and_with_what_survived(
    tmp_path: Path, area: str | None, expected: list[str]
):
    (tmp_path / "a.py.meta").write_text(json.dumps({"exit_code_by_key": CODES}), "utf-8")
    assert names(tmp_path, area) == expected


def test_a_first_run_of_all_areas_is_of_all(tmp_path: Path):
    assert names(tmp_path, None) == []
