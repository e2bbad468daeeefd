import dataclasses
from types import SimpleNamespace

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.counterexamples.replaying import PASSED, Answer, Finding, judged, repeated
from contracts.counterexamples.stored import Stored

LOST = "9 of 10 messages started no run; …"
STORED = Stored(catalogue()["happy-path"], (LOST,), ("true",), False, "/somewhere", 30.0, True, 10)


@pytest.mark.parametrize(
    ("reasons", "calls", "answer"),
    [
        ((), 3, Answer.FIXED),
        (("1 of 1 messages started no run; other",), 3, Answer.STILL_FAILING),
        (("1 of 1 messages started no run; other",), 0, Answer.CANNOT_TELL),
        ((), 0, Answer.FIXED),  # to make no call can be what is right
        (("it ended with exit code 7, expected",), 3, Answer.STILL_FAILING),
        (("no call came that names its workflow or tenant; 1 more",), 0, Answer.CANNOT_TELL),
    ],
)
def test_a_run_is_compared_with_the_stored_one(reasons, calls, answer):
    tried = SimpleNamespace(reasons=reasons, recording=SimpleNamespace(has_calls=calls > 0))
    assert judged(STORED, tried).answer is answer


def test_a_connector_that_made_no_call_before_makes_none_and_still_fails():
    stored = dataclasses.replace(STORED, has_calls=False)
    tried = SimpleNamespace(
        reasons=("it made no call",), recording=SimpleNamespace(has_calls=False)
    )
    assert judged(stored, tried).answer is Answer.STILL_FAILING


def test_a_connector_that_does_not_start_is_not_taken_for_one_that_fails_as_before():
    said = ("it ended with exit code 1, expected 0",)
    tried = SimpleNamespace(
        reasons=("it made no call; …", *said), recording=SimpleNamespace(has_calls=False)
    )
    finding = judged(dataclasses.replace(STORED, reasons=(LOST, *said)), tried)
    assert finding.answer is Answer.CANNOT_TELL


def test_an_exit_that_alone_is_wrong_fails_as_before():
    said = ("it ended with exit code 0, expected another one: not all was delivered",)
    tried = SimpleNamespace(reasons=said, recording=SimpleNamespace(has_calls=True))
    finding = judged(dataclasses.replace(STORED, reasons=said), tried)
    assert (finding.answer, finding.reasons) == (Answer.STILL_FAILING, said)


def test_what_passes_is_tried_again_and_told_as_all_that_is_known():
    runs = []

    def again() -> SimpleNamespace:
        runs.append(SimpleNamespace(reasons=(), recording=None))
        return runs[-1]

    finding = repeated(STORED, again)
    assert (finding.answer, finding.reasons, len(runs)) == (Answer.FIXED, (PASSED,), 3)


@pytest.mark.parametrize("passes", [0, 1, 2])
def test_what_fails_now_and_then_is_still_failing(passes):
    made = SimpleNamespace(has_calls=True)
    runs = iter([*[()] * passes, (LOST,)])
    finding = repeated(STORED, lambda: SimpleNamespace(reasons=next(runs), recording=made))
    said = (f"it passed {passes} of {passes + 1} runs: it depends on timing",) if passes else ()
    assert (finding.answer, finding.reasons) == (Answer.STILL_FAILING, (*said, LOST))


def test_the_answer_says_which_command_ran_where():
    finding = Finding("happy-path", Answer.FIXED, (PASSED,), "php c.php", "/here")
    assert str(finding).splitlines()[1] == "  ran php c.php in /here"


def test_each_answer_has_its_exit_code():
    assert [answer.exit_code for answer in Answer] == [0, 1, 5]
