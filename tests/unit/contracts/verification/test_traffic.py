"""Recorded calls, and the messages that they sent."""

import pytest

from contracts.verification.traffic import (
    Traffic,
    identities_of,
    messages_of,
)
from support.recorded_calls import call, message


def test_calls_with_one_trace_id_are_one_message_whatever_they_hold():
    calls = (call(1, trace_id="t"), call(2, trace_id="u"), call(3, sent={"a": 1}, trace_id="t"))
    assert [len(each.tries) for each in messages_of(Traffic("", calls))] == [2, 1]


def test_without_a_trace_id_calls_with_the_same_body_are_one_message():
    other_form = b'{"identityMap":{"Email":[{"id":"dave@example.com"}]}, "n": 1.0}'
    calls = (call(1, sent=message(n=1)), call(2, body=other_form), call(3, sent=message(n=2)))
    assert [len(each.tries) for each in messages_of(Traffic("", calls))] == [2, 1]


def test_calls_of_which_nothing_is_known_are_each_their_own_message():
    calls = (call(1, body=None), call(2, body=b"no JSON"), call(3, body=None))
    assert [len(each.tries) for each in messages_of(Traffic("", calls))] == [1, 1, 1]


def test_calls_with_the_same_bytes_that_are_no_json_are_one_message():
    bodies = (b"{oops", b"<a/>", b"{oops", b"\xff", b"\xff", b"", b"")
    calls = tuple(call(number, body=body) for number, body in enumerate(bodies))
    assert [len(each.tries) for each in messages_of(Traffic("", calls))] == [2, 1, 2, 2]


@pytest.mark.parametrize("trace_id", [None, "t"])
def test_the_same_message_for_two_triggers_is_two_messages(trace_id):
    calls = (call(1, trigger="a", trace_id=trace_id), call(2, trigger="b", trace_id=trace_id))
    assert [len(each.tries) for each in messages_of(Traffic("", calls))] == [1, 1]


def test_a_message_is_known_again_by_trace_id_or_body():
    calls = (call(1), call(2, body=None, trace_id="t"), call(3, body=None))
    assert [each.is_known for each in messages_of(Traffic("", calls))] == [True, True, False]


def test_another_method_sends_no_message():
    assert messages_of(Traffic("", (call(1, method="GET"),))) == []


def test_calls_elsewhere_are_no_messages():
    assert messages_of(Traffic("", (call(1, is_trigger=False),))) == []


def test_a_message_is_named_by_trace_id_and_masked_identity():
    named = {each.name for each in messages_of(Traffic("", (call(1, trace_id="t-1"),)))}
    assert named == {"the message of d***@e***.com (trace id t-1)"}
    assert messages_of(Traffic("", (call(1, body=None),)))[0].name == "a message"


@pytest.mark.parametrize(
    "broken", [None, [], {"identityMap": []}, {"identityMap": {"a": {}, "b": [1, {"id": 2}]}}]
)
def test_what_is_no_message_has_no_identities(broken):
    assert identities_of(broken) == []


def test_the_repr_shows_no_body():
    assert "dave@example.com" not in repr(call())
