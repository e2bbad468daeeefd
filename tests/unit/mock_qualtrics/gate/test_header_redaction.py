"""Which header values are kept."""

from contracts.redaction import HIDDEN
from mock_qualtrics.gate.header_redaction import harmless


def test_a_harmless_header_keeps_its_value_and_another_its_name():
    heads = (("host", "h"), ("x-api-token", "PLACEHOLDER-TOKEN"), ("x-trace-id", "t"))
    assert harmless(heads) == (("host", "h"), ("x-api-token", HIDDEN))
