"""The calls of triggers in a HAR file."""

from typing import Any
from urllib.parse import quote

import pytest

from contracts.errors import BrokenDocumentError
from contracts.verification.har_traffic import har_traffic
from contracts.verification.traffic import Credential, Traffic
from contracts.verification.verifying import judge
from support.recorded_calls import API_TOKEN, TRIGGER, basic, entry, har, message

REDIRECTED = "https://elsewhere.test/x"


@pytest.fixture
def read(tmp_path):
    def reading(*entries: dict[str, Any]) -> Traffic:
        (tmp_path / "a.har").write_text(har(*entries))
        return har_traffic(str(tmp_path / "a.har"))

    return reading


def reasons(traffic):
    return {v.name: v.reasons for v in judge(traffic).verdicts if v.counts_as_failed}


def test_triggers_are_known_by_their_path_on_any_host(read):
    traffic = read(
        entry(),
        entry(url=TRIGGER.replace("fra1.qualtrics.com", "127.0.0.1:8084").replace("json", "JSON")),
        entry(url="https://fra1.qualtrics.com/API/v3/whoami", method="GET"),
        entry(url="https://other.test/inbound-event"),
    )
    assert [call.is_trigger for call in traffic.calls] == [True, True, False, False]


def test_calls_are_judged_in_the_order_of_time_and_named_by_their_place(read):
    traffic = read(entry(at=5), entry(at=1, status=503))
    assert [call.place for call in traffic.triggers] == ["entry 2", "entry 1"]
    assert reasons(traffic) == {}


def test_a_browsers_preflight_is_nobodys_call(read):
    assert [call.method for call in read(entry(method="OPTIONS"), entry()).calls] == ["POST"]


def test_an_unanswered_call_may_be_sent_again(read):
    assert reasons(read(entry(status=0), entry(at=1))) == {}


def test_a_credential_is_told_from_none_and_from_another_kind(read):
    token = {"Authorization": None, "X-API-TOKEN": API_TOKEN}
    traffic = read(
        entry(),
        entry(headers=token),
        entry(headers={"Authorization": None}),
        entry(headers={"Authorization": "Bearer PLACEHOLDER"}),
    )
    assert [call.credential for call in traffic.calls] == [
        Credential.BASIC,
        Credential.TOKEN,
        Credential.NONE,
        Credential.OTHER,
    ]


def test_a_recording_without_any_credential_says_nothing_about_them(read):
    (call,) = read(entry(headers={"Authorization": None})).calls
    assert call.credential is None


@pytest.mark.parametrize(
    ("parts", "places"),
    [
        ({}, {"basic"}),
        ({"headers": {"X-API-TOKEN": API_TOKEN}}, {"basic", "header"}),
        ({"headers": {"X-Copy": API_TOKEN}}, {"basic", "other-header"}),
        ({"url": f"{TRIGGER}&x={API_TOKEN}"}, {"basic", "query"}),
        ({"url": f"{TRIGGER}&apiToken=x"}, {"basic", "query"}),
        ({"sent": message(note=API_TOKEN)}, {"basic", "body"}),
        ({"sent": message(note=basic().split()[1])}, {"basic", "body"}),
        ({"url": f"{TRIGGER}&x={quote(basic().split()[1])}"}, {"basic", "query"}),
        ({"headers": {"Cookie": f"a={basic().split()[1]}"}}, {"basic", "other-header"}),
        ({"url": REDIRECTED}, {"basic"}),
        ({"url": REDIRECTED, "headers": {"Authorization": basic("PLACEHOLDER-other")}}, set()),
        ({"url": "https://fra1.qualtrics.com/API/v3/whoami"}, set()),
        ({"url": "https://other.test/?token=x", "headers": {"Authorization": None}}, set()),
    ],
)
def test_where_the_token_stood_is_found(read, parts, places):
    assert read(entry(), entry(at=1, **parts)).calls[1].token_in == places


def test_no_secret_and_no_cookie_reaches_a_reason_or_a_call(read):
    leak = entry(
        message(note=API_TOKEN),
        url=f"{TRIGGER}&x={API_TOKEN}",
        headers={"Cookie": "session=PLACEHOLDER-c", "X-Trace-Id": API_TOKEN},
        method="PUT",
    )
    traffic = read(leak, leak, entry(url=f"https://a.test/{API_TOKEN}"))
    typed = read(entry(headers={"Content-Type": f"a/{API_TOKEN}"}))
    assert typed.calls[0].headers["content-type"] == "a/***"
    shown = str(reasons(traffic)) + repr(traffic.calls[2].url) + repr(traffic.calls[0].headers)
    assert "PLACEHOLDER" not in shown
    assert reasons(traffic).keys() >= {"credentials", "methods"}


def test_a_secret_in_the_files_own_name_is_hidden(tmp_path):
    (tmp_path / f"{API_TOKEN}.har").write_text(har(entry()))
    assert har_traffic(str(tmp_path / f"{API_TOKEN}.har")).subject == "***.har"


def test_a_media_type_beside_the_headers_counts_where_there_are_no_headers(read):
    bare = entry()
    bare["request"]["headers"] = []
    assert read(bare).calls[0].headers["content-type"] == "application/json"
    assert read(entry(headers={"Content-Type": None})).calls[0].headers["content-type"] == ""


def test_retry_after_is_read_from_the_answer(read):
    refused = entry(status=429)
    refused["response"]["headers"] = [{"name": "Retry-After", "value": "7"}]
    assert list(reasons(read(refused, entry(at=1)))) == ["retry-after"]


def test_a_broken_entry_is_named(tmp_path):
    (tmp_path / "a.har").write_text(har(entry(), {"request": {}}))
    with pytest.raises(BrokenDocumentError, match=r"entry 2 has no request\.method"):
        har_traffic(str(tmp_path / "a.har"))


def test_a_file_without_entries_records_nothing(read):
    assert list(reasons(read())) == ["recorded"]


def test_two_triggers_may_get_the_same_message(read):
    other = entry(url=TRIGGER.replace("0a1b2c3d", "ffffffff"))
    assert reasons(read(entry(), other)) == {}
    assert list(reasons(read(entry(), entry()))) == ["duplicates"]


def test_a_file_with_thousands_of_secrets_is_read_at_once(read):
    """Each text was once compared with each of them."""
    cookies = (entry(message(n=n), headers={"Cookie": f"session={n:09}"}) for n in range(1_000))
    assert reasons(read(*cookies)) == {}
