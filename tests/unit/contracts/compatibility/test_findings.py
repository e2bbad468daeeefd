"""What a finding tells programs and people."""

import pytest

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES, Certainty
from contracts.compatibility.findings import Finding, Kind, Severity
from contracts.compatibility.shape import Why

FED = Finding("W", Kind.FIELD, "n", "$.n", ALWAYS, None, Severity.NONE)
UNFED = Finding(
    "W",
    Kind.SETTING,
    "Mail subject",
    "$.a",
    NEVER,
    Why("unmapped", "nothing is mapped to it"),
    Severity.FAILURE,
    holds=NEVER,
    field="a",
    notes=("one", "two"),
)


def test_a_finding_is_told_to_programs():
    assert UNFED.to_mapping() == {
        "workflow": "W",
        "kind": "setting",
        "name": "Mail subject",
        "field": "a",
        "path": "$.a",
        "verdict": "never",
        "holds": "never",
        "reason": "unmapped",
        "explanation": "nothing is mapped to it",
        "severity": "failure",
        "notes": ["one", "two"],
    }
    assert FED.to_mapping() == {
        "workflow": "W",
        "kind": "field",
        "name": "n",
        "field": None,
        "path": "$.n",
        "verdict": "always",
        "holds": None,
        "reason": None,
        "explanation": None,
        "severity": "none",
        "notes": [],
    }


def test_a_finding_is_told_to_people():
    assert (FED.subject, FED.sentence) == ("field n $.n", "always")
    assert UNFED.subject == "setting Mail subject ~{aedj://a} $.a"
    assert UNFED.sentence == "never: the condition never holds: nothing is mapped to it; one; two"


def test_a_condition_that_is_fed_and_never_holds_is_told_so():
    why = Why("wrong-type", "$.n is a text, and 1 is a number")
    finding = Finding(
        "W", Kind.CONDITION, "equals", "$.n", ALWAYS, why, Severity.FAILURE, holds=NEVER
    )
    assert finding.explained == f"fed, but the condition never holds: {why.text}"
    assert finding.sentence == f"always: {finding.explained}"
    none = Finding(
        "W", Kind.CONDITION, "all", None, NEVER, Why("conditions", "no message"), Severity.FAILURE,
        holds=NEVER,
    )  # fmt: skip
    assert none.sentence == "never: no message"


@pytest.mark.parametrize(
    ("verdict", "severity", "fails", "fails_strictly"),
    [
        (ALWAYS, Severity.NONE, False, False),
        (SOMETIMES, Severity.WARNING, False, True),
        (NEVER, Severity.FAILURE, True, True),
    ],
)
def test_what_is_needed_fails_where_it_never_comes_and_strictly_where_it_may_lack(
    verdict: Certainty, severity: Severity, fails: bool, fails_strictly: bool
):
    assert Severity.of(verdict) is severity
    finding = Finding("W", Kind.FIELD, "n", "$.n", verdict, None, severity)
    assert (finding.fails(), finding.fails(strict=True)) == (fails, fails_strictly)
