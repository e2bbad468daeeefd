"""Where texts are looked for in a run, and how they are compared."""

import json
from typing import Any

import pytest

from mock_qualtrics.journal.search.run_texts import RunTexts, TextConditions, readable
from mock_qualtrics.journal.search.wanted_runs import WantedRuns
from mock_qualtrics.store.schema import State

DETAIL = {
    "fields": {"first": "Zoë"},
    "tasks": [
        {
            "name": "Invite",
            "status": "Failed",
            "error": "no room",
            "settings": {"to": "x@y.example"},
        },
        {"name": "Note", "status": "Succeeded", "error": None, "settings": {}},
    ],
    "hints": ["a hint"],
}
RUN = RunTexts(8, 'said "No"', json.dumps(DETAIL), "Trace-1", b'{"n": 12, "s": "a\\/b \\u0041"}')
ONLY_FAILED = frozenset({State.FAILED, State.NOT_STARTED})


def meets(**conditions: Any) -> bool:  # noqa: ANN401  any value
    return TextConditions(WantedRuns(1, **conditions)).met_by(RUN)


@pytest.mark.parametrize(
    "word",
    ["ZOË", "no ROOM", "x@y", "invite", "a HINT", 'said "no', "trace-1", '"n": 12', "a/b a", "12"],
)
def test_a_word_is_found_in_any_case_wherever_it_stands(word):
    assert meets(words=(word,))
    assert not meets(words=(word, "elsewhere"))


@pytest.mark.parametrize("word", ["tasks", "settings", "null", "elsewhere"])
def test_the_form_of_an_outcome_is_not_searched(word):
    assert not meets(words=(word,))


def test_each_condition_has_to_be_met():
    assert meets(trace_id="Trace-1", errors=("SAID", "no"), task="invite", words=("zoë",))
    assert not meets(trace_id="trace-1")
    assert not meets(errors=("said", "yes"))
    assert not meets(task="Invit")


def test_among_failed_runs_a_task_is_one_that_failed():
    assert meets(task="Note")
    assert not meets(task="Note", states=ONLY_FAILED)
    assert meets(task="Invite", states=ONLY_FAILED)


def test_a_run_without_outcome_has_its_event_alone():
    pending = RunTexts(8, None, None, None, b'{"n": 1}')
    assert TextConditions(WantedRuns(1, words=('"N"',))).met_by(pending)
    assert not TextConditions(WantedRuns(1, task="Invite")).met_by(pending)
    assert not TextConditions(WantedRuns(1, errors=("x",))).met_by(pending)


def test_only_what_conditions_need_is_asked_for():
    asked = [
        (one.need_detail, one.need_trace_id, one.need_body)
        for one in map(
            TextConditions,
            [WantedRuns(1, errors=("x",)), WantedRuns(1, task="x"), WantedRuns(1, words=("x",))],
        )
    ]
    assert asked == [(False, False, False), (True, False, False), (True, True, True)]


@pytest.mark.parametrize("text", ['"\\u00', "[" * 100_000 + "\\"], ids=["cut", "deep"])
def test_what_cannot_be_read_is_searched_as_it_is(text):
    assert readable(text) == text


def test_repeated_keys_are_both_read():
    assert readable('{"\\u0041": "\\u0042", "\\u0041": [true]}').split("\n")[1:] != []
    assert {"A", "B"} <= set(readable('{"\\u0041": "\\u0042", "\\u0041": [true]}').split("\n"))
