"""What is read out of an answer, and which redirects are followed."""

import json

import pytest

from sender.transport.answers import read_answer, same_origin_redirect
from sender.transport.outcomes import Answered


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'{"meta": 1}', b'{"meta": {"error": null}}', b"[" * 100_000, b"\xff"],
)
def test_whatever_comes_back_is_read(body):
    assert read_answer(500, {}, body) == Answered(500)


def test_secrets_that_a_destination_echoes_are_hidden():
    body = b'{"meta": {"error": {"errorCode": 5, "errorMessage": "no dave@example.com here"}}}'
    assert read_answer(400, {}, body) == Answered(400, None, None, "no *** here")


@pytest.mark.parametrize("code", ["", "A B", "<b>", "E\u001b", "E" * 65, "é", 5])
def test_an_error_code_is_a_short_plain_word_or_none(code):
    body = json.dumps({"meta": {"error": {"errorCode": code}}}).encode()
    assert read_answer(400, {}, body) == Answered(400)


def test_a_destinations_words_cannot_command_a_terminal_and_are_short():
    body = json.dumps({"meta": {"error": {"errorMessage": "\u001b\u009b" + "x" * 60_000}}}).encode()
    assert read_answer(400, {}, body).description == r"\u001b\u009b" + "x" * 198


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "http://[",
        "https://127.0.0.1/x",
        "http://127.0.0.1:1/x",
        "//other/x",
        "http://127.0.0.1:99999/x",
        "http://user:word@127.0.0.1/x",
        "http://127.0.0.1\\@other/x",
        "/b\x01",
        "/\xe9\xff",
        "/a b",
        "/%",
        "/" + "b" * 9_000,
    ],
)
def test_only_the_same_origin_is_followed(location):
    assert same_origin_redirect("http://127.0.0.1/a", 307, location) is None
