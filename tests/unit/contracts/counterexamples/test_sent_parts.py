"""A body that never came is told from what is known of its call."""

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.messages import line_of
from contracts.conformance.recording import Call, Ending, Recording
from contracts.counterexamples.curl_lines import CurlLines
from contracts.counterexamples.sent_parts import never_came, texts_of

ADA, BOB, LONG = (
    {"name": name, "identityMap": {"Email": [{"id": f"{name}@example.com"}]}}
    for name in ("ada", "bob", "a longer name")
)
LINES = {name: line_of(each) for name, each in (("ada", ADA), ("bob", BOB), ("long", LONG))}


@pytest.fixture
def reset(call):
    def make(name: str, **fields: object) -> Call:
        lost = {"text": None, "status": None, "run_ids": (), "faults": ("reset-before-read",)}
        headers = {"content-length": str(len(LINES[name]))}
        return call(**{"headers": headers, **lost, **fields})

    return make


def texts(*calls: object) -> list[str | None]:
    return list(texts_of(Recording(calls, (ADA, BOB, LONG), Ending(1)), 40))


def test_it_is_the_message_of_its_length_that_was_not_delivered_before(call, reset):
    ada = call(body=ADA, text=LINES["ada"])
    assert texts(reset("long"), reset("ada"), ada, reset("bob")) == [
        LINES["long"],
        LINES["ada"],
        LINES["ada"],
        LINES["bob"],
    ]


def test_it_is_the_message_of_its_trace_id(call, reset):
    later = call(body=BOB, text=LINES["bob"], trace_id="t")
    assert texts(reset("ada", trace_id="t"), later) == [LINES["bob"]] * 2


def test_where_all_were_delivered_it_is_the_first_of_its_length(call, reset):
    both = [call(body=each, text=line_of(each)) for each in (ADA, BOB)]
    assert texts(*both, reset("bob"))[-1] == LINES["ada"]


def test_what_no_message_is_as_long_as_is_not_known_and_said(call, reset):
    strange = reset("ada", headers={"content-length": "7"})
    assert texts(strange) == [None]
    lines = CurlLines(Recording((strange,), (ADA,), Ending(1)), catalogue()["happy-path"])
    assert "# its body never came (7 bytes): no message is as long\ncurl" in lines.script("/a")
    assert lines.bodies() == {}
    known = CurlLines(Recording((reset("ada"),), (ADA,), Ending(1)), catalogue()["happy-path"])
    assert known.line(1).endswith("--data-binary @call-1.body")
    assert known.bodies() == {"call-1.body": LINES["ada"]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"headers": {"transfer-encoding": "chunked"}}, True),
        ({"headers": {"content-length": "0"}}, False),
        ({"headers": {}}, False),
        ({"text": "{}"}, False),
        ({"faults": ("hang",)}, False),
    ],
)
def test_a_body_came_unless_the_connection_was_reset_before(reset, fields, expected):
    assert never_came(reset("ada", **fields)) is expected
