"""By which digests destinations and profiles are known."""

from sender.dataflow import Dataflow
from sender.dataflow.digests import destination_of, export_digest, profile_digest

URL = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=a"


def test_a_destination_is_known_by_its_workflow(raw):
    dataflow = Dataflow.from_mapping({**raw, "url": URL})
    moved = URL.replace("8084", "9000") + "&force_isolation=true"
    assert destination_of(dataflow.with_url(moved)) == destination_of(dataflow)


def test_one_profile_has_another_digest_for_each_destination():
    assert profile_digest("a", "_id:1") != profile_digest("b", "_id:1")


def test_what_is_said_to_be_always_present_makes_no_other_export(raw):
    said = {**raw, "attributes": [{**a, "always_present": True} for a in raw["attributes"]]}
    assert Dataflow.from_mapping(said) == Dataflow.from_mapping(raw)
    assert export_digest(Dataflow.from_mapping(said)) == export_digest(Dataflow.from_mapping(raw))
