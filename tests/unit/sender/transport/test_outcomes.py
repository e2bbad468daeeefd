"""Under which code an outcome is counted, and in which words."""

import pytest

from sender.transport.outcomes import (
    Answered,
    Lost,
    NotConnected,
    answer_was_lost,
    describe,
    error_code_of,
)


@pytest.mark.parametrize(
    ("outcome", "lost", "code", "text"),
    [
        (Lost("reset"), True, "LOST_ANSWER", "reset"),
        (NotConnected("refused"), False, "NOT_CONNECTED", "refused"),
        (Answered(504), True, "504", "the destination answered 504"),
        (Answered(500, error_code="X"), False, "X", "the destination answered 500"),
    ],
)
def test_an_outcome_is_counted_under_a_code(outcome, lost, code, text):
    assert (answer_was_lost(outcome), error_code_of(outcome), describe(outcome)) == (
        lost,
        code,
        text,
    )
