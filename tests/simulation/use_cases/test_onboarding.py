"""The page's second use case (A-USE-1): a survey a set period after the first day at work."""

import pytest

DAY_SECONDS = 86_400
EXPORTED = 10  # of twelve: one has no mapped identity, one has left before the first export


@pytest.mark.qualtrics(clock="virtual", start_at="2026-01-05T08:00:00Z")
def test_the_survey_goes_out_after_30_days_and_not_a_day_sooner(
    qualtrics, exporter_to, sample
) -> None:
    onboarding = sample("docs/examples/onboarding")
    survey = qualtrics.workflow(**onboarding.workflow())
    report = exporter_to(onboarding.dataflow, survey.trigger_url).export(onboarding.profiles())
    assert (report.identities_activated, report.identities_excluded) == (EXPORTED, 2)

    qualtrics.clock.advance(seconds=29 * DAY_SECONDS)
    totals = qualtrics.totals()
    assert (totals.pending, totals.succeeded, totals.failed) == (EXPORTED, 0, 0)
    assert {run.finished_on for run in qualtrics.runs()} == {None}

    qualtrics.clock.advance(seconds=DAY_SECONDS)
    totals = qualtrics.totals()
    assert (totals.pending, totals.succeeded, totals.failed) == (0, EXPORTED, 0)
    for run in qualtrics.runs():
        assert run.finished_on.startswith("2026-02-04T08:00:")
        assert run.tasks[1].settings["to"] == run.event["workEmail"]["address"]
