"""Which workflow a wrong URL was perhaps meant for."""

from types import SimpleNamespace

import pytest

from mock_qualtrics.web.pages.calls.meant_workflows import meant_workflow


def workflow(name: str, end: str) -> SimpleNamespace:
    return SimpleNamespace(
        name=name,
        url_token_id=f"00000000-0000-4000-8000-00000000{end}",
        trigger_id=f"OC_00000000000{end}",
        context_id=f"WF_00000000000{end}",
        user_id="UR_000000000005555",
        brand_id="brand",
    )


FIRST, SECOND = workflow("First", "1234"), workflow("Second", "abcd")


def meant(query: str, *workflows: SimpleNamespace) -> str | None:
    found = meant_workflow(query, workflows or (FIRST, SECOND))
    return None if found is None else found.workflow.name


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("urlTokenId=...abcd", "Second"),  # another beginning
        ("urlTokenId=...0abc", "Second"),  # its last character was lost
        ("urlTokenId=...bcdx", "Second"),  # it has one too many
        ("urlTokenId=...1243", "First"),  # two were swapped
        ("urltokenid=...1234", "First"),  # the parameter's name is written in another way
        ("urlTokenId=...9876", None),
        ("urlTokenId=...12ab", None),
        ("urlTokenId=***", None),
        ("urlTokenId=", None),
        ("", None),
    ],
)
def test_by_the_end_of_the_token(query, name):
    assert meant(query) == name


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("triggerId=...abcd&contextId=...abcd&userId=...6666&brandId=***", "Second"),
        ("triggerId=...1234&contextId=...9999&userId=...5555&brandId=***", "First"),
        ("triggerId=...9999&contextId=...9999&userId=...5555&brandId=***", None),
    ],
)
def test_by_the_ids_of_the_older_form(query, name):
    assert meant(query) == name


def test_it_says_what_speaks_for_it():
    query = "triggerId=...1234&contextId=...1234&userId=...6666&brandId=***"
    found = meant_workflow(query, [FIRST, SECOND])
    assert found is not None
    assert "userId" in found.why
    assert "contextId" not in found.why


def test_the_only_workflow_is_meant_whatever_was_sent():
    assert meant("urlTokenId=...9876", FIRST) == "First"
    assert meant_workflow("urlTokenId=...9876", []) is None


def test_among_very_many_only_the_same_end_speaks_for_one():
    others = [workflow(f"Other {number}", f"{number:04d}") for number in range(100)]
    assert meant("urlTokenId=...abcd", *others, SECOND) == "Second"
    assert meant("urlTokenId=...0abc", *others, SECOND) is None
