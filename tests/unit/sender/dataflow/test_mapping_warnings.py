"""What looks like a mistake is warned about."""

from typing import Any

from sender.dataflow import Dataflow


def test_what_looks_like_a_mistake_is_warned_about(raw: dict[str, Any]):
    raw["attributes"][0]["target"] = "person.First_Name"
    raw["identities"][0]["source"] = "Email_LC_SHA256"
    raw["audiences"] = []
    warnings = Dataflow.from_mapping(raw).warnings()
    assert len(warnings) == 3
    assert "'person.First_Name' is not camelCase" in warnings[0]
    assert "hashed" in warnings[1]
    assert "no audience" in warnings[2]
    assert "no attribute" in Dataflow.from_mapping(raw | {"attributes": []}).warnings()[1]
