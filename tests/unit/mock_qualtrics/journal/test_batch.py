"""What is staged for one commit."""

from mock_qualtrics.journal.batch import Batch
from mock_qualtrics.store.schema import call_sequence


def test_what_callers_were_told_while_a_commit_failed_is_kept_until_their_tenant_is_forgotten():
    failed, staged_meanwhile = Batch(), Batch()
    staged_meanwhile.mark_not_written([call_sequence(7, 1)])
    failed.extend(staged_meanwhile)
    assert failed.corrections == [(503, call_sequence(7, 1))]
    assert failed
    failed.forget(7)
    assert not failed
