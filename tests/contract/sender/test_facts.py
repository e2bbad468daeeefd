"""Facts about Adobe's side that only a whole export can show: the real sender, the real mock.

Each test names its fact's id. Facts that one module decides are proved by that module's own tests;
the ledger (``contracts/fidelity.toml``) says which.
"""

import base64
import copy
import json
import random
from typing import Any

import click
import pytest

from contracts import validate
from contracts.secret import Secret
from mock_qualtrics.testing import Qualtrics
from sender import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, LOSSLESS, Dataflow, events
from sender.cli import main as command_line
from sender.destination.check import test_messages as send_samples
from sender.errors import DataflowError
from sender.samples import sample_profiles
from sender.transport.base import Endpoint

TIMEOUT_SECONDS = 60
AUDIENCE, SECOND = "046456e3b-18e1-48a6-9bda-d68547861283", "007844dd1-9e5d-4531-a4ee-05470doe759dd"
REALIZED = {"lastQualificationTime": "2026-02-01T00:00:00.000001Z", "status": "realized"}
EXITED = {"lastQualificationTime": "2026-02-02T00:00:00.000001Z", "status": "exited"}
MINIMAL = {
    "name": "Survey",
    "url": "http://127.0.0.1/inbound-event/v1/events/json/triggers?urlTokenId=x",
    "username": "dave@example.com#brand",
    "identities": [{"source": "Email", "target": "email"}],
}


@pytest.fixture
def dataflow(sample) -> Dataflow:
    return sample("tests/data/destination-page").dataflow


@pytest.fixture
def profile() -> dict[str, Any]:
    return {
        "_id": "1",
        "person": {"name": {"firstName": "Dave", "lastName": "Unmapped"}},
        "mobilePhone": {"number": "0123456789"},
        "identityMap": {"Email": [{"id": "a"}], "ECID": [{"id": "1"}]},
        "segmentMembership": {"ups": {AUDIENCE: REALIZED}},
    }


def newest_event(qualtrics: Qualtrics, runs: int) -> dict[str, Any]:
    return qualtrics.wait_for_runs(succeeded=runs, timeout_seconds=TIMEOUT_SECONDS)[-1].event


def test_a_auth_1_username_and_token_go_out_as_http_basic(
    qualtrics, exporter_to, dataflow, profile
):
    token = Secret(qualtrics.api_token)
    header = Endpoint("http://127.0.0.1", qualtrics.username, token).authorization()
    pair = base64.b64decode(header.removeprefix("Basic ")).decode()
    assert pair == f"{qualtrics.username}:{qualtrics.api_token}"
    assert exporter_to(dataflow).export([profile]).identities_activated == 1


@pytest.mark.parametrize(
    ("key", "required"), [("name", True), ("url", True), ("description", False)]
)
def test_a_dest_1_a_destination_has_a_name_a_url_and_perhaps_a_description(key, required):
    given = {name: value for name, value in {**MINIMAL, "description": "D"}.items() if name != key}
    if required:
        with pytest.raises(DataflowError, match=key):
            Dataflow.from_mapping(given)
    else:
        assert Dataflow.from_mapping(given).description == ""


def test_a_map_1_any_attribute_goes_out_under_any_name(qualtrics, exporter_to, profile):
    attributes = [{"source": "person.name.lastName", "target": "deeply.nested.of_any-Name"}]
    exporter_to(Dataflow.from_mapping({**MINIMAL, "attributes": attributes})).export([profile])
    event = newest_event(qualtrics, 1)
    assert event["deeply"] == {"nested": {"of_any-Name": "Unmapped"}}
    assert "person" not in event


def test_a_map_2_an_identity_is_mandatory_and_hashed_emails_are_none(
    qualtrics, exporter_to, dataflow, profile
):
    with pytest.raises(DataflowError, match="identities"):
        Dataflow.from_mapping({**MINIMAL, "identities": []})
    profile["identityMap"]["Email"] = [{"id": digits * "a1"} for digits in (16, 20, 32, 64)]
    report = exporter_to(dataflow).export([profile])
    assert (report.identities_activated, report.identities_excluded) == (0, 1)
    assert qualtrics.requests() == []


@pytest.mark.parametrize(("table", "most"), [("attributes", 50), ("audiences", 250)])
def test_a_map_3_a_mapping_beyond_the_guardrails_is_a_warning(table, most):
    rows = [
        {"source": f"a{n}", "target": f"a{n}"} if table == "attributes" else {"id": f"a{n}"}
        for n in range(most + 1)
    ]
    within, beyond = (
        Dataflow.from_mapping({**MINIMAL, table: rows[:count]}) for count in (most, most + 1)
    )
    about_it = (
        f"{most + 1} {table} are mapped: Adobe's guardrail is {most}, which is soft (A-MAP-3)"
    )
    assert about_it in beyond.warnings()
    assert not any("guardrail" in warning for warning in within.warnings())


def test_a_map_3_lists_and_maps_are_not_exported(qualtrics, exporter_to, dataflow, profile):
    profile["person"]["name"]["firstName"] = ["Dave"]
    profile["mobilePhone"]["number"] = {"home": "0"}
    exporter_to(dataflow).export([profile])
    assert set(newest_event(qualtrics, 1)) == {"identityMap", "segmentMembership"}


def enters_another(profile):
    profile["segmentMembership"]["ups"][SECOND] = REALIZED


def leaves(profile):
    profile["segmentMembership"]["ups"][AUDIENCE] = EXITED


def changes_a_mapped_attribute(profile):
    profile["person"]["name"]["firstName"] = "Eve"


def gains_a_mapped_identity(profile):
    profile["identityMap"]["Email"].append({"id": "b"})


def loses_a_mapped_identity(profile):
    profile["identityMap"]["Email"] = [{"id": "c"}]


def changes_nothing(profile):
    pass


def changes_an_unmapped_attribute(profile):
    profile["person"]["name"]["lastName"] = "Else"


def gains_an_unmapped_identity(profile):
    profile["identityMap"]["ECID"].append({"id": "2"})


def enters_an_unmapped_audience(profile):
    profile["segmentMembership"]["ups"]["unmapped"] = REALIZED


EXPORTED = (
    enters_another,
    leaves,
    changes_a_mapped_attribute,
    gains_a_mapped_identity,
    loses_a_mapped_identity,
)
NOT_EXPORTED = (
    changes_nothing,
    changes_an_unmapped_attribute,
    gains_an_unmapped_identity,
    enters_an_unmapped_audience,
)


@pytest.mark.parametrize("change", [*EXPORTED, *NOT_EXPORTED])
def test_a_exp_1_only_mapped_changes_are_exported(
    qualtrics, exporter_to, dataflow, profile, change
):
    exporter = exporter_to(dataflow)
    exporter.export([profile])
    later = copy.deepcopy(profile)
    change(later)
    report = exporter.export([later])
    assert report.identities_activated == (change in EXPORTED)
    assert qualtrics.totals().accepted == 1 + (change in EXPORTED)


def test_a_exp_1_restated_values_are_exported_again(qualtrics, exporter_to, dataflow, profile):
    exporter = exporter_to(dataflow)
    exporter.export([profile])
    assert exporter.export([profile], restated=True).identities_activated == 1
    assert qualtrics.totals().accepted == 2


@pytest.mark.parametrize(
    ("switch", "change"),
    [
        ("attribute_changes", changes_a_mapped_attribute),
        ("audience_changes", leaves),
        ("identity_changes", gains_a_mapped_identity),
    ],
)
def test_a_exp_1_each_trigger_can_be_switched_off(
    qualtrics, exporter_to, dataflow, profile, switch, change
):
    raw = {**dataflow.to_mapping(), "activation": {switch: False}}
    exporter = exporter_to(Dataflow.from_mapping(raw))
    exporter.export([profile])
    later = copy.deepcopy(profile)
    change(later)
    report = exporter.export([later])
    assert report.identities_activated == 0
    assert [e.reason for e in report.exclusions] == [f"{switch.replace('_', ' ')} are switched off"]
    assert qualtrics.totals().accepted == 1


def test_a_exp_1_a_change_that_is_switched_off_is_not_exported_later_by_itself(
    exporter_to, dataflow, profile, tmp_path
):
    raw = dataflow.to_mapping()
    outbox = tmp_path / "o.sqlite"
    for activation, changed in (({}, False), ({"attribute_changes": False}, True), ({}, True)):
        it = exporter_to(Dataflow.from_mapping({**raw, "activation": activation}), outbox=outbox)
        now = copy.deepcopy(profile)
        if changed:
            changes_a_mapped_attribute(now)
        report = it.export([now])
        it.close()
        assert report.identities_activated == (not changed)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("source", {"Email": [{"id": "a"}], "Loyalty": [{"id": "1"}, {"id": "2"}]}),
        ("target", {"email": [{"id": "a"}], "external_id": [{"id": "1"}, {"id": "2"}]}),
    ],
)
def test_a_msg_1_the_identity_map_has_the_keys_that_are_chosen(
    qualtrics, exporter_to, dataflow, profile, keys, expected
):
    profile["identityMap"]["Loyalty"] = [{"id": "1"}, {"id": "2"}]
    identities = [
        {"source": "Email", "target": "email"},
        {"source": "Loyalty", "target": "external_id"},
        {"source": "ECID", "target": "external_id"},
    ]
    raw = {**dataflow.to_mapping(), "identities": identities, "identity_map_keys": keys}
    exporter_to(Dataflow.from_mapping(raw)).export([profile])
    event = newest_event(qualtrics, 1)
    if keys == "source":
        expected["ECID"] = [{"id": "1"}]
    assert event["identityMap"] == expected
    assert list(event["identityMap"]) == list(expected)
    assert validate(event, "exported-message") == []


def test_a_exp_2_an_export_carries_all_that_is_mapped_and_no_more(
    qualtrics, exporter_to, dataflow, profile
):
    exporter = exporter_to(dataflow)
    exporter.export([profile])
    enters_another(profile)
    enters_an_unmapped_audience(profile)
    profile["identityMap"]["Email"].append({"id": "b"})
    exporter.export([profile])
    assert newest_event(qualtrics, 2) == {
        "person": {"name": {"firstName": "Dave"}},
        "mobilePhone": {"number": "0123456789"},
        "identityMap": {"Email": [{"id": "a"}, {"id": "b"}]},
        "segmentMembership": {"ups": {AUDIENCE: REALIZED, SECOND: REALIZED}},
    }


def test_a_exp_4_withdrawn_consent_is_exported_as_leaving(
    qualtrics, exporter_to, dataflow, profile
):
    exporter = exporter_to(dataflow)
    exporter.export([profile])
    profile["consents"] = {"marketing": {"any": {"val": "n"}}}
    exporter.export([profile])
    memberships = newest_event(qualtrics, 2)["segmentMembership"]["ups"]
    assert {key: value["status"] for key, value in memberships.items()} == {AUDIENCE: "exited"}


def test_a_exp_5_only_people_audiences_are_exported(qualtrics, exporter_to, dataflow, profile):
    profile["segmentMembership"] = {"aam": {AUDIENCE: REALIZED}}
    report = exporter_to(dataflow).export([profile])
    assert (report.identities_activated, report.identities_excluded) == (0, 1)
    assert qualtrics.requests() == []


RETRIED_BY_BEST_EFFORT = (403, 408, 409, 429, 500, 502, 503, 504)


def delays_of(exporter_to, dataflow, profile, policy) -> tuple[list[float], Any]:
    """Export one profile; return after how many seconds it was tried again, and the report."""
    seen: list[events.Event] = []
    exporter = exporter_to(dataflow, policy=policy, subscribers=[seen.append])
    report = exporter.export([profile])
    retries = [event for event in seen if isinstance(event, events.RetryScheduled)]
    return [pytest.approx(retry.delay_seconds, abs=1) for retry in retries], report


@pytest.mark.parametrize("status", RETRIED_BY_BEST_EFFORT)
def test_a_rtry_1_best_effort_tries_twice_more_and_drops(
    qualtrics, exporter_to, dataflow, profile, status
):
    qualtrics.faults.add("status", when={"every": 1}, status=status)
    delays, report = delays_of(exporter_to, dataflow, profile, ADOBE_BEST_EFFORT)
    assert delays == [15, 15]  # the second, 30 seconds after the first failure
    assert len(qualtrics.requests()) == 3
    assert report.failed + report.uncertain == 1


@pytest.mark.parametrize("status", [400, 401, 404, 405, 410, 413, 415, 420, 501])
def test_a_rtry_1_best_effort_tries_nothing_else_again(
    qualtrics, exporter_to, dataflow, profile, status
):
    qualtrics.faults.add("status", when={"every": 1}, status=status)
    delays, report = delays_of(exporter_to, dataflow, profile, ADOBE_BEST_EFFORT)
    assert (delays, report.identities_failed, report.status) == ([], 1, "Completed")


def test_a_rtry_1_a_lost_answer_is_tried_again_like_504_and_may_start_the_workflow_thrice(
    qualtrics, exporter_to, dataflow, profile
):
    qualtrics.faults.add("reset-after-journal", when={"every": 1})
    delays, report = delays_of(exporter_to, dataflow, profile, ADOBE_BEST_EFFORT)
    assert delays == [15, 15]
    assert (report.uncertain, report.uncertain_attempts) == (1, 3)
    totals = qualtrics.totals()
    assert (totals.accepted, totals.duplicates) == (3, 2)


def test_a_exp_8_what_was_dropped_stays_dropped_until_its_profile_changes(
    qualtrics, exporter_to, dataflow, profile
):
    qualtrics.faults.add("status", when={"every": 1}, status=503)
    exporter = exporter_to(dataflow, policy=ADOBE_BEST_EFFORT)
    assert exporter.export([profile]).failed == 1
    qualtrics.faults.clear()
    report = exporter.export([profile])
    assert (report.activated, report.excluded) == (0, 1)
    assert len(qualtrics.requests()) == 3  # those of the first export
    profile["person"]["name"]["firstName"] = "Dora"
    assert exporter.export([profile]).activated == 1


def test_a_rtry_1_a_schedule_of_its_own_is_kept_to(qualtrics, exporter_to, dataflow, profile):
    qualtrics.faults.add("status", when={"every": 1}, status=503)
    policy = ADOBE_BEST_EFFORT.retrying_after([1.0, 5.0, 60.0, 61.0])
    delays, report = delays_of(exporter_to, dataflow, profile, policy)
    assert delays == [1, 4, 55, 1]  # each counted from the first failure
    assert (len(qualtrics.requests()), report.identities_failed) == (5, 1)


@pytest.mark.parametrize(("status", "again"), [(420, True), (429, True), (502, True), (408, False)])
def test_a_rtry_2_configurable_aggregation_tries_again_after_30_minutes(
    qualtrics, exporter_to, dataflow, profile, status, again
):
    qualtrics.faults.add("status", when={"every": 1}, status=status)
    delays, report = delays_of(exporter_to, dataflow, profile, ADOBE_CONFIGURABLE)
    assert delays == ([1800] if again else [])
    assert report.identities_failed == 1


def test_a_rtry_3_the_mode_is_a_choice():
    export = command_line.get_command(click.Context(command_line), "export")
    (policy,) = [param for param in export.params if "--policy" in param.opts]
    assert set(policy.type.choices) == {"lossless", "adobe-best-effort", "adobe-configurable"}


def test_a_lim_1_nothing_but_the_endpoint_limits_and_it_has_two_seconds():
    for policy in (ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE):
        assert policy.calls_per_minute is None
        assert policy.read_timeout_seconds == 2
    assert LOSSLESS.calls_per_minute <= 3_000  # what Qualtrics takes (Q-LIM-1)


def test_a_rpt_1_a_report_has_adobes_terms_and_counts_every_profile_once(
    qualtrics, exporter_to, sample
):
    purchases = sample("docs/examples/post-purchase")
    qualtrics.faults.add("status", when={"first": 1}, status=400)
    report = exporter_to(purchases.dataflow, workers=1).export(purchases.profiles()).to_mapping()
    assert validate(report, "report") == []
    terms = ("identitiesActivated", "identitiesExcluded", "identitiesFailed")
    assert [report[term] for term in ("profilesReceived", *terms)] == [40, 36, 3, 1]
    assert report["failed"][0]["errorCode"] == "400"
    assert report["status"] == "Completed"


def test_a_alrt_1_a_run_with_failures_alerts(qualtrics, exporter_to, dataflow, profile):
    qualtrics.faults.add("status", when={"every": 1}, status=400)
    seen: list[events.Event] = []
    exporter_to(dataflow, subscribers=[seen.append]).export([profile])
    (alert,) = [event for event in seen if isinstance(event, events.ActivationRateLow)]
    assert (alert.activation_rate, alert.failed) == (0, 1)


def alerts_of(exporter_to, dataflow, profiles, **options: object) -> list[events.Event]:
    seen: list[events.Event] = []
    exporter_to(dataflow, subscribers=[seen.append], **options).export(profiles)
    return [event for event in seen if hasattr(event, "alert")]


def test_a_alrt_1_alerts_have_adobes_names(qualtrics, exporter_to, dataflow, profile):
    well = alerts_of(exporter_to, dataflow, [profile])
    assert [alert.alert for alert in well] == [
        "Destination Flow Run Start",
        "Destination Flow Run Success",
    ]
    qualtrics.faults.add("status", when={"every": 1}, status=400)
    badly = alerts_of(exporter_to, dataflow, [profile, {"_id": "no identity"}])
    assert [alert.alert for alert in badly[1:]] == [
        "Activation Skip Rate Exceeded",
        "Destination Flow Run Failure",
    ]
    assert badly[-1].failed == 1
    assert events.DestinationFlowRunDelay(9_001.0).alert == "Destination Flow Run Delay"


@pytest.mark.parametrize(("above", "exceeded"), [(0.49, True), (0.5, False)])
def test_a_alrt_1_the_skip_rate_s_threshold_is_a_setting(
    exporter_to, dataflow, profile, above, exceeded
):
    profiles = [profile, {"_id": "no identity"}]
    alerts = alerts_of(exporter_to, dataflow, profiles, skip_rate_above=above)
    told = [alert for alert in alerts if isinstance(alert, events.ActivationSkipRateExceeded)]
    assert [alert.skip_rate for alert in told] == [0.5] * exceeded


def test_a_rpt_1_adobe_counts_a_run_to_its_hour(exporter_to, dataflow, profile):
    for policy in (LOSSLESS, ADOBE_BEST_EFFORT):
        report = exporter_to(dataflow, policy=policy).export([profile]).to_mapping()
        assert validate(report, "report") == []
        hour = report["startedAt"][:13] + ":00:00.000000Z"
        start = report["startedAt"] if policy is LOSSLESS else hour
        assert report["dataflowRunStart"] == start


@pytest.mark.parametrize(
    ("code", "is_assumed"),
    [
        ("ACTSVC-8104-401", False),
        ("ACTSVC-8100-400", False),
        ("ACTSVC-8100-404", True),
        ("ACTSVC-8100-503", True),
    ],
)
def test_a_err_1_failures_carry_adobes_codes_beside_ours(
    qualtrics, exporter_to, dataflow, profile, code, is_assumed
):
    status = int(code[-3:])
    qualtrics.faults.add("status", when={"every": 1}, status=status)
    policy = ADOBE_BEST_EFFORT.retrying_after([])
    (failed,) = exporter_to(dataflow, policy=policy).export([profile]).to_mapping()["failed"]
    assert failed["errorCode"]
    assert (failed["adobeErrorCode"], failed["adobeErrorCodeIsAssumed"]) == (code, is_assumed)


def test_a_test_1_sample_profiles_answer_with_request_response_and_trace_id(qualtrics, dataflow):
    aimed = dataflow.with_url(qualtrics.trigger_url).with_username(qualtrics.username)
    samples = sample_profiles(aimed, 3, seed=7)
    exchanges = list(send_samples(aimed, Secret(qualtrics.api_token), samples, random.Random(7)))
    assert [row.trace_id for row in qualtrics.requests()] == [one.trace_id for one in exchanges]
    bodies = [json.loads(exchange.body) for exchange in exchanges]
    assert [
        run.event for run in qualtrics.wait_for_runs(succeeded=3, timeout_seconds=TIMEOUT_SECONDS)
    ] == bodies
    assert [exchange.status for exchange in exchanges] == [202, 202, 202]
    assert all("httpStatus" in exchange.answer for exchange in exchanges)
