"""How a message's calls were answered, in words."""

import re
from pathlib import Path

import pytest

from contracts.conformance.checks.answers import answer, answers
from support.recordings import call, message

GATE = Path(__file__).parents[5] / "mock_qualtrics/gate/checks.py"
ADA = message("ada")


def test_each_reason_of_the_gate_has_words():
    reasons = set(re.findall(r'Refusal\(\s*"([a-z-]+)"', GATE.read_text("utf-8")))
    assert {"no-credential", "rate-limit", "not-an-object"} < reasons
    for reason in reasons:
        assert re.fullmatch(r"4\d\d \(.+\)", answer(call(ADA, 400, reason=reason))), reason


@pytest.mark.parametrize(
    ("status", "fields", "said"),
    [
        (202, {}, "202"),
        (503, {"reason": "fault:status"}, "503"),
        (None, {}, "no answer"),
        (None, {"faults": ("latency", "hang")}, "no answer (never answered)"),
    ],
)
def test_an_answer_is_told_with_what_is_known_of_it(status, fields, said):
    assert answer(call(ADA, status, **fields)) == said


def test_equal_answers_in_a_row_are_counted():
    assert answers(call(ADA, status) for status in (429, 429, 429, 202, 429)) == (
        "3 × 429, 202, 429"
    )
