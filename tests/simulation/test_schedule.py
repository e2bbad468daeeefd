"""A schedule's values: kept in part, shown, and read back."""

import json

import pytest

from sender import Dataflow
from simulation.schedule import (
    KINDS,
    Crash,
    DiskFull,
    Export,
    MockFault,
    OtherClient,
    Row,
    Schedule,
    Setup,
    dataflow_document,
    name_of,
)
from simulation.schedule.contents import expected_contents
from simulation.schedule.happenings import from_json, to_json


@pytest.mark.parametrize("kind", KINDS)
def test_a_happening_of_each_kind_is_read_back_from_its_json(kind):
    happening = KINDS[kind]()
    assert from_json(json.loads(json.dumps(to_json(happening)))) == happening


def test_a_happening_of_no_known_kind_or_with_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="kind: found 'flood', expected one of mock-fault"):
        from_json({"kind": "flood"})
    with pytest.raises(ValueError, match=r"of kind crash: .*'when'"):
        from_json({"kind": "crash", "when": 3})


def test_faults_are_counted_by_the_mocks_own_kind_and_full_disks_by_side():
    assert name_of(MockFault(fault={"kind": "run-twice"})) == "run-twice"
    assert name_of(DiskFull(side="sender")) == "sender-disk-full"
    assert name_of(OtherClient()) == "other-client"


def test_happenings_keep_their_numbers_when_others_are_left_out():
    schedule = Schedule(seed=1, happenings=(Crash(nth=1), Crash(nth=2), Crash(nth=3)))
    kept = schedule.keeping({0, 2}).keeping({2})
    assert kept.numbers == (2,)
    assert kept.happenings == (Crash(nth=3),)
    assert kept.keeping(()).numbers == ()
    assert '  2 {"kind": "crash"' in kept.text()


def test_the_rows_of_some_profiles_are_kept_in_their_order():
    rows = (Row(profile=2), Row(profile=1, text="b"), Row(profile=2, text="c"))
    schedule = Schedule(seed=1, setup=Setup(exports=(Export(rows=rows),)))
    assert schedule.setup.profiles() == (1, 2)
    (export,) = schedule.keeping_profiles({2}).setup.exports
    assert [row.text for row in export.rows] == ["a", "c"]


def test_the_dataflow_is_one_that_the_sender_takes():
    url = "https://iad1.qualtrics.com/inbound-event/v1/events/json/triggers?urlTokenId=t"
    assert Dataflow.from_mapping(dataflow_document(url, "dave#brand")).name == "Simulated survey"


@pytest.mark.parametrize(
    ("rows", "contents"),
    [
        ([Row(profile=1), Row(profile=1)], [("a", "realized")]),
        ([Row(profile=1), Row(profile=1, text="b")], [("a", "realized"), ("b", "realized")]),
        ([Row(profile=1, consents=False)], []),
        ([Row(profile=1, realized=False)], []),
        (
            [Row(profile=1), Row(profile=1, consents=False), Row(profile=1, consents=False)],
            [("a", "realized"), ("a", "exited")],
        ),
        (
            [Row(profile=1), Row(profile=1, realized=False, text="b"), Row(profile=1, text="b")],
            [("a", "realized"), ("b", "exited"), ("b", "realized")],
        ),
    ],
)
def test_the_messages_that_a_profiles_rows_ask_for(rows, contents):
    assert expected_contents([(row, False) for row in rows]) == contents


def test_a_restated_row_is_a_message_although_nothing_changed():
    rows = [(Row(profile=1), False), (Row(profile=1), True)]
    assert len(expected_contents(rows)) == 2
