"""Answers whose texts no file can hold as they are: the export goes on, and reports them."""

import json

import pytest

from sender.transport.factory import TRANSPORTS


@pytest.mark.parametrize("code", ["\ud800", "a\0b", 2**80, [1]])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_error_s_code_and_words_of_any_kind_are_reported(server, exporter, kit, transport, code):
    server.always(kit.refusal(422, code))
    report = exporter(transport=transport).export(kit.profiles(2))
    assert report.failed == 2
    json.dumps(report.to_mapping(), ensure_ascii=False).encode()
