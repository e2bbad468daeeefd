"""Why calls started nothing, in words."""

import pytest

from mock_qualtrics.web.pages.calls.call_explanations import why


@pytest.mark.parametrize(
    ("reason", "path", "said"),
    [
        ("not-json", "/x", "not-json"),
        (None, "/API/v3/whoami", "whoami, answered"),
        (None, "/inbound-event/v1/events/json/triggers", "ignored"),
    ],
)
def test_why_a_call_started_nothing(reason, path, said):
    assert why({"reason": reason, "path": path}) == said
