"""One entry of a HAR file, by whomever it was written."""

import base64
from time import tzset  # noqa: TID251  it reads no time
from typing import Any

import pytest

from contracts.errors import BrokenDocumentError
from contracts.verification.har_parts import har_entry
from support.recorded_calls import START, entry, message

TEXT = '{"a": 1}'


def read(written: dict[str, Any]):
    return har_entry("a.har", 3, written)


def posted(**data: str):
    return read(entry(TEXT, postData={"mimeType": "application/json", **data}, bodySize=-1))


def test_an_entry_of_a_browser_is_read():
    found = read(entry(message(), at=1.5))
    assert (found.place, found.method, found.status) == ("entry 3", "POST", 202)
    assert (found.at, found.seconds) == (START.timestamp() + 1.5, 0.1)
    assert found.header("content-type") == "application/json"
    assert found.body_bytes == len(found.body or b"")


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-01T01:00:00.000+01:00",
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.0000000Z",
        "2026-01-01T00:00:00",
    ],
)
def test_an_instant_may_have_any_form_of_iso_8601(written):
    assert read(entry() | {"startedDateTime": written}).at == START.timestamp()


def test_an_instant_without_a_zone_is_utc_wherever_it_is_read(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    tzset()
    try:
        written = entry() | {"startedDateTime": "2026-01-01T00:00:00"}
        assert read(written).at == START.timestamp()
    finally:
        monkeypatch.undo()
        tzset()


def test_http_2_pseudo_headers_are_no_headers():
    found = read(entry(headers={":authority": "fra1.qualtrics.com", ":method": "POST"}))
    assert [name for name, _ in found.headers] == ["content-type", "authorization"]


@pytest.mark.parametrize("status", [0, -1, None, "202", 99, 1e400])
def test_a_call_without_an_answer_has_no_status(status):
    written = entry()
    written["response"]["status"] = status
    assert read(written).status is None


@pytest.mark.parametrize("time", [-1, None, "5", True, float("inf"), float("nan")])
def test_a_duration_that_is_none_is_not_known(time):
    assert read(entry() | {"time": time}).seconds is None


def test_a_body_in_base64_is_decoded():
    wrapped = base64.encodebytes(TEXT.encode()).decode()
    assert posted(text=wrapped, encoding="base64").body == TEXT.encode()


def test_a_body_in_broken_base64_is_not_known():
    assert posted(text="%%%", encoding="base64").body is None


def test_bytes_that_a_proxy_wrote_as_half_surrogates_are_bytes_again():
    """So mitmproxy writes what is no UTF-8."""
    assert posted(text="\udcff\udcfe\u0000a").body == b"\xff\xfe\0a"


def test_half_a_surrogate_does_not_break_the_reading():
    assert posted(text="\ud800").body == b"\xed\xa0\x80"


@pytest.mark.parametrize(
    "request_parts",
    [
        {"postData": None, "bodySize": -1},
        {"postData": None, "bodySize": 8},
        {"postData": {"mimeType": "a/b"}, "bodySize": None},
        {"postData": {"mimeType": "a/b", "text": ""}, "bodySize": 8},
        {"postData": {"mimeType": "a/b", "text": "", "params": [{"name": "a"}]}, "bodySize": -1},
        {"postData": {"mimeType": "a/b", "text": TEXT[:5]}, "bodySize": 8},
        {"postData": "text", "bodySize": 8},
    ],
)
def test_a_body_that_was_left_out_or_cut_is_not_known(request_parts):
    assert read(entry(TEXT, **request_parts)).body is None


def test_a_whole_body_is_known_though_the_writer_counts_its_headers_too():
    found = read(entry(TEXT, bodySize=500))
    assert (found.body, found.body_bytes) == (TEXT.encode(), 500)


def test_a_length_that_the_call_states_goes_before_the_writers():
    assert (
        read(entry(TEXT, bodySize=-1, postData=None, headers={"Content-Length": "8"})).body_bytes
        == 8
    )
    assert read(entry(TEXT, postData=None, headers={"Content-Length": "0"})).body == b""
    assert (
        read(entry(TEXT, bodySize=-1, postData=None, headers={"Content-Length": "x"})).body_bytes
        is None
    )


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"request": {"url": "https://a.test/"}}, "request.method"),
        ({"request": {"method": "POST", "url": ""}}, "request.url"),
        ({"request": 7}, "request.method"),
        ({"startedDateTime": "yesterday"}, "startedDateTime"),
        ({"startedDateTime": 7}, "startedDateTime"),
    ],
)
def test_an_entry_without_what_all_have_is_refused(broken, said):
    with pytest.raises(BrokenDocumentError) as caught:
        read(entry() | broken)
    assert str(caught.value) == f"a.har: entry 3 has no {said} that can be read"


@pytest.mark.parametrize("response", [{}, {"response": None}])
def test_an_entry_without_a_response_had_no_answer(response):
    written = entry()
    del written["response"]
    assert read(written | response).status is None


def test_lists_of_another_form_are_read_as_empty():
    found = read(
        entry() | {"response": {"status": 202, "headers": [1, {"name": "a"}], "cookies": 7}}
    )
    assert (found.answer_headers, found.cookies) == ((), ())


def test_a_url_that_cannot_be_read_has_no_parts():
    assert read(entry(url="http://[::1")).parts.path == ""


def test_the_repr_shows_no_header_no_url_and_no_body():
    shown = repr(read(entry(message())))
    assert not any(each in shown for each in ("Basic", "urlTokenId", "dave@example.com"))


@pytest.mark.parametrize("huge", [10**400, -(10**400), 1e308, float("nan"), float("inf")])
def test_a_number_that_nothing_has_is_not_known(huge):
    written = {**entry(TEXT, bodySize=huge), "time": huge}
    written["response"]["status"] = huge
    found = read(written)
    assert (found.status, found.seconds, found.body_bytes) == (None, None, len(TEXT))
