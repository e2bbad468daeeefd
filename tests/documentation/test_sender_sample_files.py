"""The sample files under tests/data and docs/examples, from file to message."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest

from contracts import validate
from sender.dataflow import Dataflow
from sender.mapping import Mapper, message_body, profile_key
from sender.mapping.activation import Export, decide
from sender.mapping.exclusions import Excluded
from sender.profiles import ProfileRow, ProfileSource

ROOT = Path(__file__).parents[2]
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def decisions(folder: Path, name: str) -> dict[str, tuple[bool, Any]]:
    """Return whether each profile is exported at first, and what mapping makes of it."""
    dataflow = Dataflow.from_toml(folder / "dataflow.toml")
    mapper = Mapper(dataflow)
    found = {}
    for row in ProfileSource([str(folder / name)], io.BytesIO(), dataflow):
        assert isinstance(row, ProfileRow), row
        key = profile_key(row.profile, dataflow) or f":{row.profile.get('_id')}"
        content = mapper.content(row.profile)
        message = None if isinstance(content, Excluded) else json.loads(message_body(content))
        decision = decide(None, row.profile, mapper, NOW)
        found[key.partition(":")[2]] = isinstance(decision, Export), message
    return found


def exported(folder: Path, name: str) -> dict[str, Any]:
    return {
        key: message if is_exported else None
        for key, (is_exported, message) in decisions(folder, name).items()
    }


def has_only_left(message: dict[str, Any]) -> bool:
    ups = message.get("segmentMembership", {}).get("ups", {})
    return all(membership["status"] == "exited" for membership in ups.values())


def test_the_destination_pages_example_is_exported_key_for_key() -> None:
    folder = ROOT / "tests/data/destination-page"
    expected = json.loads((folder / "message.json").read_text("utf-8"))
    assert list(exported(folder, "profiles.jsonl").values()) == [expected]


def test_odd_profiles_are_exported_as_the_samples_say() -> None:
    folder = ROOT / "tests/data/more"
    expected = json.loads((folder / "messages.json").read_text("utf-8"))
    found = decisions(folder, "profiles.jsonl")
    for key, message in expected.items():
        is_exported, mapped = found[key]
        if message is None:
            assert not is_exported, key
        else:
            assert mapped == message, key
            assert is_exported is not has_only_left(message), key


@pytest.mark.parametrize("name", ["docs/examples/post-purchase", "docs/examples/onboarding"])
def test_both_use_cases_export_most_profiles_and_exclude_some(name: str) -> None:
    found = exported(ROOT / name, "profiles.jsonl")
    messages = [message for message in found.values() if message is not None]
    assert len(found) > len(messages) > len(found) / 2
    assert not any(validate(message, "exported-message") for message in messages)


def test_a_csv_sample_is_exported_with_the_time_of_the_export_where_it_has_none() -> None:
    folder = ROOT / "tests/data/more"
    dataflow = Dataflow.from_toml(folder / "dataflow.toml")
    mapper = Mapper(dataflow)
    first, second, *_ = ProfileSource([str(folder / "profiles.csv")], io.BytesIO(), dataflow)
    assert isinstance(first, ProfileRow)
    assert isinstance(second, ProfileRow)
    exports = [decide(None, row.profile, mapper, NOW) for row in (first, second)]
    assert all(isinstance(export, Export) for export in exports)
    ups = [export.content.memberships for export in exports if isinstance(export, Export)]
    assert ups[0]["aud-realized"]["lastQualificationTime"] == "2026-02-03T04:05:06.000001Z"
    assert ups[1]["aud-realized"]["lastQualificationTime"] == "2026-03-01T00:00:00.000000Z"
