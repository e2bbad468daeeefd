"""The destination page's own example, and what it does not show, from file to Run history."""

import copy
import json
from typing import Any

TIMEOUT_SECONDS = 60


def events(runs: list[Any]) -> list[str]:
    return sorted(json.dumps(run.event, sort_keys=True) for run in runs)


def joined(profile: dict[str, Any]) -> dict[str, Any]:
    """Return the profile as it was before it left its audiences."""
    earlier = copy.deepcopy(profile)
    for membership in earlier["segmentMembership"]["ups"].values():
        membership["status"] = "realized"
    return earlier


def has_left(profile: dict[str, Any]) -> bool:
    memberships = profile["segmentMembership"]["ups"].values()
    return {membership["status"] for membership in memberships} == {"exited"}


def test_the_pages_example_is_what_the_runs_event_holds_key_for_key(
    qualtrics, exporter_to, sample
) -> None:
    page = sample("tests/data/destination-page")
    report = exporter_to(page.dataflow).export(page.profiles())
    (run,) = qualtrics.wait_for_runs(succeeded=1, timeout_seconds=TIMEOUT_SECONDS)
    assert run.event == json.loads((page.folder / "message.json").read_text("utf-8"))
    assert (report.identities_activated, report.profiles_received) == (1, 1)


def test_odd_profiles_arrive_as_the_samples_say(qualtrics, exporter_to, sample) -> None:
    more = sample("tests/data/more")
    wanted = json.loads((more.folder / "messages.json").read_text("utf-8"))
    exporter = exporter_to(more.dataflow)
    earlier = [joined(row.profile) for row in more.profiles() if has_left(row.profile)]
    exporter.export(earlier)  # only who was exported before can be exported as having left
    before = {
        run.id
        for run in qualtrics.wait_for_runs(succeeded=len(earlier), timeout_seconds=TIMEOUT_SECONDS)
    }
    report = exporter.export(more.profiles())
    exported = [message for message in wanted.values() if message is not None]
    runs = qualtrics.wait_for_runs(
        succeeded=len(earlier) + len(exported), timeout_seconds=TIMEOUT_SECONDS
    )
    assert events([run for run in runs if run.id not in before]) == sorted(
        json.dumps(message, sort_keys=True) for message in exported
    )
    assert report.identities_activated == len(exported)
    assert report.identities_excluded == report.profiles_received - len(exported)
