"""What is kept of heads and of texts that callers send, however long they make them."""

import json

import pytest

from contracts.redaction import HIDDEN
from mock_qualtrics import Settings
from mock_qualtrics.engine import Engine
from mock_qualtrics.gate.bounded_cache import LONGEST_REMEMBERED, bounded_cache
from mock_qualtrics.gate.header_redaction import LONGEST_HEADER_CHARACTERS, MOST_HEADERS, harmless
from mock_qualtrics.model import Call

LONG = "x" * 500_000


def test_a_harmless_header_keeps_its_value_and_another_its_name():
    heads = (("host", "h"), ("x-api-token", "PLACEHOLDER-TOKEN"), ("x-trace-id", "t"))
    assert harmless(heads) == (("host", "h"), ("x-api-token", HIDDEN))


@pytest.mark.parametrize("path", ["/inbound-event/v1/events/json/triggers", "/elsewhere"])
@pytest.mark.parametrize(
    "headers", [(("user-agent", LONG),), ((LONG, "1"),), (("a", "1"),) * 50_000]
)
def test_of_a_head_however_long_little_is_journalled(path, headers):
    with Engine(Settings()) as engine:
        engine.receive(Call("POST", path, "", headers, b"{}"))
        (request,) = engine.journal.requests_page(None).items
    kept = len(json.dumps(request["headers"]))
    assert kept <= MOST_HEADERS * (LONGEST_HEADER_CHARACTERS + len(HIDDEN))


def test_short_texts_are_remembered_and_long_ones_are_not():
    asked = []

    @bounded_cache(10)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    texts = ["a", "a" * LONGEST_REMEMBERED, "a" * (LONGEST_REMEMBERED + 1)]
    assert [length(text) for text in texts * 2] == [len(text) for text in texts] * 2
    assert asked == [*texts, texts[-1]]
