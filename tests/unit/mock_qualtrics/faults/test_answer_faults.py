"""Faults that change the answer or when it comes."""

import pytest

from mock_qualtrics.faults import NO_EFFECT
from mock_qualtrics.model import Answer


@pytest.mark.parametrize("seconds", [2, 2.0])
def test_a_status_is_answered_instead_of_asking_the_gate(effect, seconds):
    refusal = effect({"kind": "status", "status": 503, "retryAfterSeconds": seconds}).refusal
    assert refusal is not None
    assert (refusal.status, refusal.reason) == (503, "fault:status")
    assert refusal.headers == (("retry-after", "2"),)
    assert "Service Unavailable" in refusal.message


def test_a_status_without_retry_after_has_no_such_header(effect):
    refusal = effect({"kind": "status", "status": 599}).refusal
    assert refusal is not None
    assert refusal.headers == ()


def test_latencies_add_up(effect):
    both = effect({"kind": "latency", "seconds": 1.5}, {"kind": "latency", "seconds": 0.25})
    assert both.latency_seconds == 1.75


def test_an_html_page_replaces_the_body_and_keeps_the_status(effect):
    answer = Answer(200, b"{}", (("content-type", "application/json"), ("x", "y")))
    sent = effect({"kind": "not-json"}).apply_to(answer)
    assert sent.status == 200
    assert sent.body.startswith(b"<!doctype html>")
    assert sent.headers == (("content-type", "text/html; charset=utf-8"), ("x", "y"))


@pytest.mark.parametrize(("given", "status"), [({}, 307), ({"status": 302}, 302)])
def test_a_redirect_says_where_to_and_starts_nothing(effect, given, status):
    refusal = effect({"kind": "redirect", "location": "https://other.example/x", **given}).refusal
    assert refusal is not None
    assert (refusal.status, refusal.reason) == (status, "fault:redirect")
    assert refusal.headers == (("location", "https://other.example/x"),)


def test_of_two_faults_that_refuse_the_earlier_one_does(effect):
    redirect = {"kind": "redirect", "location": "/x"}
    both = effect({"kind": "status", "status": 500}, redirect)
    assert both.refusal is not None
    assert both.refusal.status == 500


def test_an_empty_answer_keeps_its_status_and_has_no_type(effect):
    answer = Answer(202, b"{}", (("content-type", "application/json"), ("x", "y")))
    sent = effect({"kind": "empty"}).apply_to(answer)
    assert (sent.status, sent.body, sent.headers) == (202, b"", (("x", "y"),))


def test_an_answer_stays_as_it_is_where_no_fault_replaces_its_body():
    answer = Answer(200, b"{}")
    assert NO_EFFECT.apply_to(answer) is answer


@pytest.mark.parametrize(("limits", "lowest"), [((60,), 60), ((60, 5), 5), ((5, 60), 5)])
def test_the_lowest_of_the_lowered_limits_is_in_force(effect, limits: tuple[int, ...], lowest: int):
    faults = ({"kind": "lower-limit", "callsPerMinute": limit} for limit in limits)
    assert effect(*faults).calls_per_minute == lowest
