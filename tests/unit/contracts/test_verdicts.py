"""What several verdicts come to."""

import pytest

from contracts.verdicts import Outcome, Verdict, Verdicts

PASSED = Verdict("a", Outcome.PASSED)
FAILED = Verdict("b", Outcome.FAILED, ("it sent nothing",))
KNOWN = Verdict("c", Outcome.FAILED, ("it sent nothing",), is_known=True)
SKIPPED = Verdict("d", Outcome.SKIPPED, ("does not claim retries",))
ERROR = Verdict("e", Outcome.ERROR, ("the mock ended",))


@pytest.mark.parametrize(
    ("verdicts", "score", "exit_code"),
    [
        ((PASSED, SKIPPED), (2, 1, 1), 0),
        ((PASSED, KNOWN), (2, 2, 1), 0),
        ((PASSED, FAILED), (2, 2, 1), 1),
        ((FAILED, ERROR), (2, 2, 0), 5),
        ((SKIPPED,), (1, 0, 0), 1),
        ((), (0, 0, 0), 1),
    ],
)
def test_all_that_is_claimed_must_be_earned_and_something_must_be_claimed(
    verdicts, score, exit_code
):
    run = Verdicts("sh connector.sh", verdicts)
    assert (run.possible, run.claimed, run.earned) == score
    assert run.exit_code == exit_code


def test_a_verdict_is_shown_with_all_that_it_rests_on():
    verdict = Verdict("429", Outcome.FAILED, ("no retry",), ("Q-LIM-2",), "Retries.", 1.5)
    assert verdict.to_mapping() == {
        "name": "429",
        "outcome": "failed",
        "reasons": ["no retry"],
        "facts": ["Q-LIM-2"],
        "purpose": "Retries.",
        "seconds": 1.5,
        "knownFailing": False,
        "folder": None,
        "notes": [],
    }
