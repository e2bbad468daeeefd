"""The search box's language: what it takes, what it means, and what it says of errors."""

import pytest

from mock_qualtrics.clock import DAY, SECOND, parse_instant
from mock_qualtrics.journal import State
from mock_qualtrics.web.pages.history.search_syntax import Search, SearchTextError, parse
from mock_qualtrics.web.pages.history.search_terms import TERMS, Age, Instant

NOW = parse_instant("2026-01-10T00:00:00Z")
EVERYTHING = (
    "status:failed task:Invite after:10m before:2026-01-01T10:00 "
    'workflow:"Send the survey" error:"timed out" trace:abc view:started free words "a phrase"'
)


def test_every_term_is_read():
    assert parse(EVERYTHING) == Search(
        status=("failed",),
        view="started",
        workflow=("Send the survey",),
        after=Age(600),
        before=Instant(parse_instant("2026-01-01T10:00:00Z")),
        task="Invite",
        error=("timed out",),
        trace="abc",
        words=("free", "words", "a phrase"),
    )


def test_the_normal_form_has_the_terms_in_the_order_of_the_table():
    assert str(parse(EVERYTHING)) == (
        'status:failed view:started workflow:"Send the survey" after:10m '
        'before:2026-01-01T10:00:00Z task:Invite error:"timed out" trace:abc '
        'free words "a phrase"'
    )


def test_each_example_of_the_table_is_read_as_its_own_term():
    for term in TERMS:
        found = getattr(parse(term.example), term.name)
        assert found, term
        assert str(parse(term.example)).startswith(f"{term.name}:")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  ", ""),
        ('""', ""),
        ("STATUS:Failed", "status:failed"),
        ("a  b a", "a b"),
        ("after:120m", "after:2h"),
        ("after:90s", "after:90s"),
        ("before:2026-01-01", "before:2026-01-01T00:00:00Z"),
        ("before:2026-01-01T02:00+02:00", "before:2026-01-01T00:00:00Z"),
        ("error:a:b", 'error:"a:b"'),
        ('"status:failed"', '"status:failed"'),
        ("10:30", "10:30"),
        (r'"say \"no\" \\"', r'"say \"no\" \\"'),
        ('it"s', r'"it\"s"'),
    ],
)
def test_one_meaning_has_one_normal_form(text, normal):
    assert str(parse(text)) == normal
    assert parse(normal) == parse(text)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('a "unclosed', 3, ["quotation mark"]),
        ('error:"a"b', 1, ["quotation mark"]),
        (" status:", 9, ["nothing after status:", "succeeded, failed, pending or blocked"]),
        ("status:lost", 8, ["status:lost", "blocked"]),
        ("x sttus:failed", 3, ["'sttus'", "status, view", "put it in quotes"]),
        ("after:1w", 7, ["after:1w", "10m", "2026-01-01T10:00"]),
        ("before:2026-13-01", 8, ["before:2026-13-01"]),
        ("view:all", 6, ["started or failed-to-start"]),
        ("task:a task:b", 8, ["task once more"]),
        ("x" * 1_001, 1_001, ["1001 characters", "at most 1000"]),
    ],
)
def test_an_error_says_where_it_is_and_what_was_expected(text, place, words):
    with pytest.raises(SearchTextError) as error:
        parse(text)
    message = str(error.value)
    assert message.startswith(f"At character {place}: ")
    assert [word for word in words if word not in message] == []


def test_ages_count_back_from_the_tenants_now():
    wanted = parse("after:3d before:10m").wanted(1, NOW, {})
    assert (wanted.since, wanted.until) == (NOW - 3 * DAY, NOW - 600 * SECOND)
    assert parse("after:999999999d").wanted(1, NOW, {}).since == parse_instant("0001-01-01T00:00Z")


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("", set(State)),
        ("status:failed", {State.FAILED, State.NOT_STARTED}),
        ("status:failed view:started", {State.FAILED}),
        ("status:blocked status:pending", {State.NOT_STARTED, State.PENDING}),
        ("view:failed-to-start", {State.NOT_STARTED}),
        ("status:pending view:started", set()),
    ],
)
def test_status_and_view_name_the_states_of_both_views_Q_RUN_2(text, states):  # noqa: N802  a fact
    assert parse(text).wanted(1, NOW, {}).states == states


def test_a_workflow_is_named_by_name_or_id():
    by_name = {"Survey": ["WF_1", "WF_2"], "Other": ["WF_3"]}
    assert parse("x").wanted(1, NOW, by_name).workflow_ids is None
    assert parse("workflow:Survey").wanted(1, NOW, by_name).workflow_ids == ("WF_1", "WF_2")
    both = parse("workflow:WF_3 workflow:Survey workflow:WF_1").wanted(1, NOW, by_name)
    assert both.workflow_ids == ("WF_3", "WF_1", "WF_2")
    with pytest.raises(SearchTextError, match="'Survy', expected one of 'Survey', 'Other'"):
        parse("workflow:Survy").wanted(1, NOW, by_name)
    many = {f"Survey {number}": [f"WF_{number}"] for number in range(1_012)}
    with pytest.raises(SearchTextError, match=r"'Survey 9', 1,002 more$"):
        parse("workflow:Survy").wanted(1, NOW, many)


def test_all_else_is_handed_on():
    wanted = parse('task:T error:a error:"b c" trace:t-1 free "two words"').wanted(7, NOW, {})
    assert (wanted.tenant_number, wanted.task, wanted.errors) == (7, "T", ("a", "b c"))
    assert (wanted.trace_id, wanted.words) == ("t-1", ("free", "two words"))
