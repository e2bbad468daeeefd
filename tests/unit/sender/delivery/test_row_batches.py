"""What a batch of rows comes to, before anything of it is stored."""

import datetime as dt
import random
from typing import Any

import pytest

from sender.dataflow import Dataflow
from sender.delivery.row_batches import RowBatches
from sender.mapping import Mapper
from sender.outbox import Outbox
from sender.profiles import BrokenRow

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def batches(raw: dict[str, Any]):
    with Outbox() as outbox:
        run = outbox.runs.begin(0.0, None)
        mapper = Mapper(Dataflow.from_mapping(raw))
        yield RowBatches(mapper, outbox, run.id, random.Random(1), keeps_order=True)


def test_the_second_row_of_a_profile_waits_for_the_first_one_s_message(batches, profile):
    changed = {**profile, "mobilePhone": {"number": "9876543210"}}
    batch = batches.sort([profile, profile, changed], NOW)
    assert [(m.seq, m.after_seq, m.waits) for m in batch.messages] == [
        (1, None, False),
        (2, 1, True),
    ]
    assert batch.exclusions == {"nothing changed since the last export": 1}
    assert [last.seq for last in batch.exports.values()] == [2]


def test_what_is_no_profile_is_broken_and_named_by_its_place(batches, profile):
    batch = batches.sort([5, profile, BrokenRow("a\udcff.jsonl", 7, "no JSON"), None], NOW)
    assert batch.broken == [
        ("profiles", 1, "a int; expected a mapping"),
        ("a?.jsonl", 7, "no JSON"),
        ("profiles", 4, "a NoneType; expected a mapping"),
    ]
    assert len(batch.messages) == 1


def test_a_profile_without_identity_is_excluded_with_a_hint(batches, profile):
    batch = batches.sort([{**profile, "identityMap": {"CRM": [{"id": "x"}]}}], NOW)
    assert batch.exclusions == {"no mapped identity": 1}
    (hint,) = batches.hints.sentences()
    assert hint.startswith("identityMap.Email: missing")
    assert batch.messages == []
