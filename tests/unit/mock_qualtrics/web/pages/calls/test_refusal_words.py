"""Each reason for which a call starts nothing has its words."""

import ast
from pathlib import Path

import pytest

from mock_qualtrics import faults, gate
from mock_qualtrics.faults.effects import KINDS
from mock_qualtrics.journal import IGNORED
from mock_qualtrics.journal.counters import NOT_STORED
from mock_qualtrics.web.pages.calls.refusal_words import STORE_FAILED, WORDS, words

NEVER_JOURNALLED = {"error"}  # an error of the server itself: it leaves no row
MAKERS = {"Refusal", "_not_associated"}


def reasons_in(package) -> set[str]:
    """Return the reasons that a package's sources give to refusals."""
    trees = [ast.parse(path.read_text()) for path in Path(package.__file__).parent.glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in MAKERS]
    first = [call.args[0] for call in made]
    return {one.value for one in first if isinstance(one, ast.Constant)}


def test_every_reason_of_the_gate_the_journal_and_the_store_has_its_words():
    given = reasons_in(gate) - NEVER_JOURNALLED | {IGNORED, NOT_STORED, STORE_FAILED}
    assert set(WORDS) == given


@pytest.mark.parametrize("kind", sorted(name for name, kind in KINDS.items() if kind.refuses))
def test_every_fault_that_refuses_says_that_it_was_on_purpose(kind):
    said = words(f"fault:{kind}")
    assert said.label == f"fault: {kind}"
    assert said.said.startswith(f"On purpose, by the fault {kind}: ")
    assert said.fix


def test_the_faults_give_no_other_reasons():
    kinds = {reason.removeprefix("fault:") for reason in reasons_in(faults)}
    assert kinds <= set(KINDS)
    assert kinds


def test_the_labels_tell_all_reasons_apart():
    labels = [said.label for said in WORDS.values()]
    assert len(set(labels)) == len(labels)


def test_each_is_a_sentence():
    for said in WORDS.values():
        assert said.said.endswith(".")
        assert said.fix.endswith(".")


def test_a_reason_of_another_version_is_shown_as_it_is():
    assert words("of-another-version").label == "of-another-version"
    assert words("fault:gone").label == "fault:gone"
