import dataclasses
from types import SimpleNamespace

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.counterexamples.replaying import Answer, judged
from contracts.counterexamples.stored import Stored

LOST = "9 of 10 messages started no run; …"
STORED = Stored(catalogue()["happy-path"], (LOST,), ("true",), False, "/somewhere", 30.0, True, 10)


@pytest.mark.parametrize(
    ("reasons", "calls", "answer"),
    [
        ((), 3, Answer.FIXED),
        (("1 of 1 messages started no run; other",), 3, Answer.STILL_FAILING),
        (("1 of 1 messages started no run; other",), 0, Answer.STILL_FAILING),
        (("it ended with exit code 7, expected",), 3, Answer.STILL_FAILING),
        (("it made no call; 1 messages were to be delivered",), 0, Answer.CANNOT_TELL),
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


def test_an_exit_that_alone_is_wrong_fails_as_before():
    said = ("it ended with exit code 0, expected another one: not all was delivered",)
    tried = SimpleNamespace(reasons=said, recording=SimpleNamespace(has_calls=True))
    finding = judged(dataclasses.replace(STORED, reasons=said), tried)
    assert (finding.answer, finding.reasons) == (Answer.STILL_FAILING, said)


def test_each_answer_has_its_exit_code():
    assert [answer.exit_code for answer in Answer] == [0, 1, 5]
