"""What each call of a recording settles, and what settles nothing."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main
from contracts.errors import ProbeError
from contracts.probe.questions import Finding
from contracts.probe.recorded_answers import assume_flags, recorded_findings
from contracts.verification.har_parts import har_entry
from support.recorded_calls import TRIGGER, basic, entry, har, pairs

OTHER = TRIGGER.replace("0a1b2c3d", "ffffffff")
OLDER = TRIGGER.replace(
    "urlTokenId=0a1b2c3d", "contextId=SV_1&userId=UR_1&brandId=b&triggerId=OC_1"
)


def answered(
    status: int,
    *,
    code: str | None = None,
    answer_headers: dict[str, str] | None = None,
    **parts: Any,  # noqa: ANN401  of the entry
) -> dict[str, Any]:
    one = entry(status=status, **parts)
    one["response"]["headers"] = pairs(answer_headers or {"Date": "x"})
    if code is not None:
        one["response"]["content"]["text"] = json.dumps({"meta": {"error": {"errorCode": code}}})
    return one


def settled(*written: dict[str, Any]) -> dict[str, object]:
    entries = [har_entry("a.har", n, one) for n, one in enumerate(written, 1)]
    found = recorded_findings(entries)
    return {each.id: each.observed for each in found if each.observed is not None}


def note(id_: str, *written: dict[str, Any]) -> str:
    entries = [har_entry("a.har", n, one) for n, one in enumerate(written, 1)]
    return next(each.note for each in recorded_findings(entries) if each.id == id_)


def test_an_ordinary_call_settles_what_is_answered():
    assert settled(answered(200)) == {"Q-ENV-2": 200}


@pytest.mark.parametrize(
    ("status", "headers", "has_one"),
    [(429, {"Retry-After": "1"}, True), (429, {"Date": "x"}, False)],
)
def test_a_429_settles_whether_it_says_how_long_to_wait(status, headers, has_one):
    assert settled(answered(status, answer_headers=headers)) == {"Q-LIM-2": has_one}


def test_an_answer_whose_headers_were_left_out_settles_nothing_of_them():
    bare = entry(status=429)
    assert settled(bare) == {}


@pytest.mark.parametrize(("url", "id_"), [(OTHER, "Q-URL-5"), (OLDER, "Q-URL-5.older")])
@pytest.mark.parametrize("status", [302, 400, 403, 404, 405, 409, 410, 418])
def test_a_url_that_was_never_accepted_is_not_known_to_name_no_workflow(status, url, id_):
    calls = answered(202), answered(status, url=url)
    assert settled(*calls) == {"Q-ENV-2": 202}
    assert note(id_, *calls) == (
        f"entry 2: status {status} at a URL that was never accepted may mean no such workflow, a "
        "draft, a disabled one, or another reason; the probe itself asks for it"
    )


@pytest.mark.parametrize("later", [(), (answered(202, at=20),)])
@pytest.mark.parametrize("status", [302, 400, 403, 404, 405, 409, 410, 418])
def test_a_url_that_was_accepted_is_not_known_to_be_a_disabled_workflows(status, later):
    calls = answered(202), answered(status, at=9), *later
    assert settled(*calls) == {"Q-ENV-2": 202}
    assert note("Q-WF-1.status", *calls) == (
        f"entry 2: status {status} at a URL that was accepted at another time may mean a disabled "
        "workflow, a deleted one, or another reason; the probe itself asks for it"
    )


@pytest.mark.parametrize(
    "unclear",
    [
        answered(401, url=OTHER),
        answered(400, url=OTHER),
        answered(400, url=OTHER, code="ATP_2"),
        answered(403, url=OTHER),
        answered(404, url=OTHER, code="DCD_7"),
        answered(500, url=OTHER),
        answered(408, url=OTHER),
        answered(415, url=OTHER),
    ],
)
def test_an_answer_that_may_be_about_something_else_settles_nothing(unclear):
    assert settled(answered(202), unclear) == {"Q-ENV-2": 202}


ODD = {
    "Q-URL-1.method": {"method": "PUT"},
    "Q-LIM-3.status": {"sent": "{" + " " * 102_400 + "}"},
    "Q-LIM-3.encoding": {"headers": {"Content-Encoding": "gzip"}},
    "Q-BODY-1.status": {"sent": "{"},
    "Q-BODY-1.object": {"sent": "[]"},
    "Q-BODY-1.type": {"headers": {"Content-Type": "text/xml"}},
}


CLEAR = {
    "Q-URL-1.method": 405,
    "Q-LIM-3.status": 413,
    "Q-LIM-3.encoding": 415,
    "Q-BODY-1.status": 422,
    "Q-BODY-1.object": 422,
    "Q-BODY-1.type": 415,
}


@pytest.mark.parametrize("id_", ODD)
def test_a_call_that_is_unusual_in_one_way_settles_that(id_):
    odd = answered(CLEAR[id_], at=1, **ODD[id_])
    assert settled(answered(202), odd)[id_] == CLEAR[id_]


@pytest.mark.parametrize("id_", ODD)
@pytest.mark.parametrize("status", [400, 404])
def test_what_a_disabled_workflow_may_answer_is_clear_only_between_accepted_calls(status, id_):
    odd = answered(status, at=1, **ODD[id_])
    assert id_ not in settled(answered(202), odd)
    assert "that was disabled by then" in note(id_, answered(202), odd)
    assert settled(answered(202), odd, answered(202, at=2))[id_] == status


@pytest.mark.parametrize("id_", ODD)
@pytest.mark.parametrize("status", [302, 403, 409, 410, 418])
def test_a_status_with_another_meaning_settles_nothing_of_an_unusual_call(status, id_):
    calls = answered(202), answered(status, at=1, **ODD[id_]), answered(202, at=2)
    assert settled(*calls) == {"Q-ENV-2": 202}
    assert "another reason than what is unusual" in note(id_, *calls)


@pytest.mark.parametrize(
    ("odd", "others", "said"),
    [
        ({"at": 0}, [answered(202, at=1)], "not enabled yet"),
        ({"at": 1}, [answered(202), answered(404, at=2)], "which refused ordinary calls too"),
        (
            {"at": 1, "headers": {"Authorization": basic("PLACEHOLDER-another")}},
            [answered(202)],
            "about its credential",
        ),
    ],
)
def test_what_else_explains_a_refusal_is_said(odd, others, said):
    calls = *others, answered(422, sent="{", **odd)
    assert "Q-BODY-1.status" not in settled(*calls)
    assert said in note("Q-BODY-1.status", *calls)


def test_clear_and_unclear_answers_that_differ_settle_nothing():
    xml = {"headers": {"Content-Type": "text/xml"}}
    calls = answered(202), answered(415, at=1, **xml), answered(400, at=2, **xml)
    assert settled(*calls) == {"Q-ENV-2": 202}
    assert note("Q-BODY-1.type", *calls) == "the answers differ: 415 (1), 400 (1)"


def test_another_method_that_is_taken_is_told():
    calls = answered(202), answered(202, at=1, method="PUT")
    assert settled(*calls) == {"Q-ENV-2": 202}
    assert note("Q-URL-1.method", *calls) == "entry 2: PUT was taken; the mock cannot"


@pytest.mark.parametrize("id_", ODD)
def test_a_call_to_a_url_that_nobody_knows_settles_nothing(id_):
    assert settled(answered(418, **ODD[id_])) == {}


def test_a_call_that_is_unusual_in_two_ways_settles_nothing():
    xml = answered(415, sent="<a/>")
    xml["request"]["headers"] = pairs({"Content-Type": "text/xml", "Authorization": basic()})
    assert settled(answered(202), xml) == {"Q-ENV-2": 202}


@pytest.mark.parametrize(("status", "taken"), [(202, True), (415, False)])
def test_a_missing_media_type_is_taken_or_not(status, taken):
    missing = answered(status, at=1)
    missing["request"]["headers"] = pairs({"Authorization": basic()})
    assert settled(answered(202), missing)["Q-BODY-1.missing"] is taken


WRONG = "PLACEHOLDER-wrong"


def with_both(status: int) -> dict[str, Any]:
    both = answered(status, at=1)
    both["request"]["headers"] += pairs({"X-API-TOKEN": WRONG})
    return both


@pytest.mark.parametrize(
    ("status", "other", "counts"),
    [
        (202, answered(401, at=2, headers={"Authorization": basic(WRONG)}), False),
        (401, answered(202, at=2), True),
    ],
)
def test_a_second_credential_counts_or_does_not(status, other, counts):
    assert settled(answered(202), with_both(status), other)["Q-AUTH-1.both"] is counts
    assert "Q-AUTH-1.both" not in settled(with_both(status))
    assert "Q-AUTH-1.both" not in settled(answered(202), with_both(404), other)


@pytest.mark.parametrize(
    ("status", "other", "said"),
    [
        (202, answered(202, at=2), "none is needed"),
        (202, answered(202, at=2, headers={"Authorization": basic(WRONG)}), "both are right"),
        (401, answered(401, at=2), "was replaced"),
    ],
)
def test_two_credentials_settle_nothing_where_something_else_explains_the_answer(
    status, other, said
):
    calls = answered(202), with_both(status), other
    assert "Q-AUTH-1.both" not in settled(*calls)
    assert said in note("Q-AUTH-1.both", *calls)


def test_other_sizes_than_the_assumed_limit_are_told():
    large = ODD["Q-LIM-3.status"]
    assert note("Q-LIM-3.status", answered(202), answered(202, **large)) == (
        "102,402 bytes were taken: raise limits.payloadBytes"
    )
    assert "lower limits.payloadBytes" in note("Q-LIM-3.status", answered(413), answered(202))


def test_answers_that_differ_settle_nothing_and_are_told():
    calls = (answered(202), answered(200), answered(202))
    assert settled(*calls) == {}
    assert note("Q-ENV-2", *calls) == "the answers differ: 202 (2), 200 (1)"


def test_what_no_recording_can_tell_is_said():
    assert note("Q-LIM-5", answered(202)) == "a recording cannot tell: probe --use-up-the-minute"
    assert note("Q-LIM-2", answered(202)) == "no such call in the recording"
    assert note("Q-URL-5", answered(202)) == "no such call in the recording"


def test_a_preflight_and_a_call_elsewhere_settle_nothing():
    others = (
        answered(404, method="OPTIONS"),
        answered(404, url="https://a.test/"),
        entry(status=0),
    )
    assert settled(answered(202), *others) == {"Q-ENV-2": 202}
    with pytest.raises(ProbeError, match="no call of a trigger was recorded"):
        settled(*others)


def test_flags_are_written_as_serve_takes_them():
    findings = [
        Finding("b", "assumptions.retryAfter", False, True),
        Finding("a", "assumptions.acceptedStatus", 202, 200),
        Finding("c", "assumptions.window", "sliding", None),
        Finding("d", "assumptions.disabledStatus", 404, 404),
    ]
    assert assume_flags(findings) == ["--assume acceptedStatus=200", "--assume retryAfter=true"]


def probe(*words: str) -> Result:
    return CliRunner().invoke(main, ["probe", *words])


def test_the_command_sends_nothing_and_says_what_is_left(tmp_path):
    (tmp_path / "a.har").write_text(har(answered(202)))
    done = probe("--from-har", str(tmp_path / "a.har"))
    assert done.exit_code == 0
    assert "Nothing to change, and " in done.stdout
    assert done.stderr == ""


def test_with_json_the_flags_are_told_on_standard_error(tmp_path):
    (tmp_path / "a.har").write_text(har(answered(200)))
    done = probe("--from-har", str(tmp_path / "a.har"), "--json")
    assert done.stderr == "mock-qualtrics serve --assume acceptedStatus=200\n"
    assert {row["id"]: row for row in json.loads(done.stdout)}["Q-ENV-2"]["observed"] == 200


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"log": {"entries": []}}', "no call of a trigger was recorded"),
        (b'{"log": {"entries": [', "is it cut short?"),
        (b"\x89PNG", "is no UTF-8"),
    ],
)
def test_a_recording_that_settles_nothing_or_is_broken_is_one_line(tmp_path, content, said):
    (tmp_path / "a.har").write_bytes(content)
    done = probe("--from-har", str(tmp_path / "a.har"))
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr


@pytest.mark.parametrize("flag", ["--i-have-an-account", "--use-up-the-minute"])
def test_flags_that_send_calls_do_not_go_with_a_recording(flag):
    done = probe("--from-har", "a.har", flag)
    assert done.exit_code == 2
    assert "--from-har sends nothing" in done.stderr
