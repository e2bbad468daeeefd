"""A call to the trigger is a POST, and its body has each key once."""

from contracts.conformance.catalogue import catalogue
from contracts.conformance.checks.calls_made import check_keys, check_methods
from support.recordings import call, message, recorded

HAPPY_PATH = catalogue()["happy-path"]


def test_a_post_with_distinct_keys_is_right():
    recording = recorded([call(message("ada")), call(None, text=None), call(text="<no JSON>")])
    assert [*check_methods(HAPPY_PATH, recording), *check_keys(HAPPY_PATH, recording)] == []


def test_another_method_is_named():
    looked = call(status=405, method="GET", request_id="looked")
    assert list(check_methods(HAPPY_PATH, recorded([looked, looked]))) == [
        "request looked was made with GET, expected POST"
    ]


def test_a_call_elsewhere_may_have_any_method():
    whoami = call(method="GET", path="/API/v3/whoami")
    assert list(check_methods(HAPPY_PATH, recorded([whoami]))) == []


def test_a_key_that_comes_twice_is_named_at_any_depth():
    twice = call(text='{"person": {"näme": 1, "näme": 2}}', request_id="twice")
    assert list(check_keys(HAPPY_PATH, recorded([twice]))) == [
        "request twice: its body has the key 'n\\xe4me' twice"
    ]


def test_a_body_that_is_nested_too_deeply_is_left_to_other_checks():
    deep = call(text="[" * 100_000)
    assert list(check_keys(HAPPY_PATH, recorded([deep]))) == []
