"""The sentences and values that the pages show."""

import pytest

from mock_qualtrics.web.pages.contents import hints, pretty


def test_hints_say_everything_that_leaves_no_run_behind():
    totals = {"received": 9, "ignored": 2, "refused": 3, "refusedBy": {"not-json": 1, "limit": 2}}
    said = " ".join(hints("disabled", totals=totals, unattributed=1))
    for text in ("is disabled", "2 calls were ignored", "not-json 1, limit 2", "named no workflow"):
        assert text in said
    nothing = {"received": 0, "ignored": 0, "refused": 0, "refusedBy": {}}
    assert hints("active", totals=nothing, unattributed=0) == ["No call has come in yet."]
    assert hints("active", totals=nothing | {"received": 1}, unattributed=0) == []


@pytest.mark.parametrize(
    ("state", "said"),
    [("draft", "a draft"), ("published", "never enabled"), ("disabled", "is disabled")],
)
def test_a_workflow_whose_calls_start_nothing_says_why(state, said):
    totals = {"received": 1, "ignored": 0, "refused": 0, "refusedBy": {}}
    (hint,) = hints(state, totals=totals, unattributed=0)
    assert said in hint


def test_what_is_shown_for_reading_keeps_every_letter():
    assert pretty({"name": "Dävid"}) == '{\n  "name": "Dävid"\n}'
