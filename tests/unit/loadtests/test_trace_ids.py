import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.trace_ids import MOST_MESSAGES, TraceIds

NUMBERS = st.integers(0, MOST_MESSAGES - 1)


@given(NUMBERS, st.text(max_size=20))
def test_a_trace_id_says_its_message(number, run_id) -> None:
    traces = TraceIds(run_id)
    assert traces.number_of(traces.of(number)) == number


@given(NUMBERS)
def test_another_run_has_other_trace_ids(number) -> None:
    assert TraceIds("one").number_of(TraceIds("other").of(number)) is None


def test_a_trace_id_is_a_uuid_that_standards_know() -> None:
    trace = uuid.UUID(TraceIds("run").of(MOST_MESSAGES - 1))
    assert (trace.version, trace.variant) == (8, uuid.RFC_4122)


@pytest.mark.parametrize("trace_id", [None, "", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_what_is_no_trace_id_of_the_run_has_no_number(trace_id) -> None:
    assert TraceIds("run").number_of(trace_id) is None
