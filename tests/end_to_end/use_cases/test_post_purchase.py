"""The page's first use case (A-USE-1): a survey after a purchase."""

import pytest

from contracts import validate

TIMEOUT_SECONDS = 60
EXCLUDED = {"customer-07", "customer-25", "customer-30"}  # has left, has no e-mail, a hashed one
WITHOUT_ADDRESS = "Rania"


@pytest.fixture
def runs(qualtrics, exporter_to, sample):
    purchases = sample("docs/examples/post-purchase")
    survey = qualtrics.workflow(**purchases.workflow())
    report = exporter_to(purchases.dataflow, survey.trigger_url).export(purchases.profiles())
    assert report.identities_excluded == len(EXCLUDED)
    assert report.identities_activated == report.profiles_received - len(EXCLUDED)
    exported = report.identities_activated
    return qualtrics.wait_for_runs(
        succeeded=exported - 1, failed=1, timeout_seconds=TIMEOUT_SECONDS
    )


def test_everyone_who_bought_is_invited_by_name_and_order(runs) -> None:
    succeeded = [run for run in runs if run.status == "Succeeded"]
    for run in succeeded:
        invitation, _, note = run.tasks
        assert {task.status for task in run.tasks} == {"Succeeded"}
        assert note.settings["order"] == run.event["order"]["number"]
        assert invitation.settings["to"] == run.event["emailAddress"]
        assert run.event["firstName"] in invitation.settings["subject"]
        assert not validate(run.event, "exported-message")
    orders = {run.fields["order"] for run in succeeded}
    assert len(orders) == len(succeeded)


def test_a_profile_without_an_address_has_a_failed_run_that_says_so(runs) -> None:
    (failed,) = [run for run in runs if run.status == "Failed"]
    assert failed.event["firstName"] == WITHOUT_ADDRESS
    invitation, noted, order = failed.tasks
    # "stop" skips what relies on the invitation, and nothing else (Q-WF-4).
    assert [task.status for task in failed.tasks] == ["Failed", "Skipped", "Succeeded"]
    assert "the output of task" in noted.error
    assert order.name == "Note the order"
    assert "email" in invitation.error
    assert "$.emailAddress" in invitation.error


def test_nothing_is_sent_again_while_nothing_changes(qualtrics, exporter_to, sample) -> None:
    purchases = sample("docs/examples/post-purchase")
    exporter = exporter_to(purchases.dataflow)
    first = exporter.export(purchases.profiles())
    again = exporter.export(purchases.profiles())
    assert (first.identities_activated, again.identities_activated) == (37, 0)
    assert qualtrics.totals().received == first.identities_activated
